@NullMarked
package io.helix.sdk.testing.vault;

import org.jspecify.annotations.NullMarked;
