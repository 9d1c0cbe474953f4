/** A control plane in memory, for tests of the edges. */
@NullMarked
package io.helix.sdk.testing.control;

import org.jspecify.annotations.NullMarked;
