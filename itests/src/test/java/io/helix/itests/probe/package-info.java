/** What is put into the server to look at it, or to change what it sees, from within. */
@NullMarked
package io.helix.itests.probe;

import org.jspecify.annotations.NullMarked;
