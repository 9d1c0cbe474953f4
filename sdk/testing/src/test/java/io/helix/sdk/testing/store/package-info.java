@NullMarked
package io.helix.sdk.testing.store;

import org.jspecify.annotations.NullMarked;
