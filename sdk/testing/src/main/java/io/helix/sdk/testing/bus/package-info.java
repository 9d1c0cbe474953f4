/** The event bus for tests: one in memory, and the contract every implementation keeps. */
@NullMarked
package io.helix.sdk.testing.bus;

import org.jspecify.annotations.NullMarked;
