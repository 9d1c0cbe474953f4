/** Stands in for the library of this name, of which cedar-java calls one method. */
@NullMarked
package com.fizzed.jne;

import org.jspecify.annotations.NullMarked;
