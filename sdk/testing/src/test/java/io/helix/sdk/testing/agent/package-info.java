@NullMarked
package io.helix.sdk.testing.agent;

import org.jspecify.annotations.NullMarked;
