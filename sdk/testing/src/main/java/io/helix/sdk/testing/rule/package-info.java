/** What patterns mean, and samples of them, for tests of whatever works with patterns. */
@NullMarked
package io.helix.sdk.testing.rule;

import org.jspecify.annotations.NullMarked;
