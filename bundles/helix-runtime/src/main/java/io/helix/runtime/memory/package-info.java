/** Rules that remember: several events together, windows, throttles, and how they survive a restart. */
@NullMarked
package io.helix.runtime.memory;

import org.jspecify.annotations.NullMarked;
