/** A vault in memory, and what every vault must do. */
@NullMarked
package io.helix.sdk.testing.vault;

import org.jspecify.annotations.NullMarked;
