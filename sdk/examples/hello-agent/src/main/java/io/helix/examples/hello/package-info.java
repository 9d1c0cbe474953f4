/** An example agent. */
@NullMarked
package io.helix.examples.hello;

import org.jspecify.annotations.NullMarked;
