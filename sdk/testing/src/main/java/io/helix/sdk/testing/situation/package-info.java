/** An engine for situations that is plain and slow. */
@NullMarked
package io.helix.sdk.testing.situation;

import org.jspecify.annotations.NullMarked;
