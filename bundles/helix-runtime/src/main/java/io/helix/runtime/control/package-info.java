/** The facade of the edges, and the start of everything. */
@NullMarked
package io.helix.runtime.control;

import org.jspecify.annotations.NullMarked;
