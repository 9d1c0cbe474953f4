@NullMarked
package io.helix.sdk.testing.bus;

import org.jspecify.annotations.NullMarked;
