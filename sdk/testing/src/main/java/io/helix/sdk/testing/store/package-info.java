/** A store in memory, and the contract that every store must keep. */
@NullMarked
package io.helix.sdk.testing.store;

import org.jspecify.annotations.NullMarked;
