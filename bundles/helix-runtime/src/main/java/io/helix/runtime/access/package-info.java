/** Who calls, and what policy says. */
@NullMarked
package io.helix.runtime.access;

import org.jspecify.annotations.NullMarked;
