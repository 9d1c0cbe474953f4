/** Authorizers that decide without policies. */
@NullMarked
package io.helix.sdk.testing.policy;

import org.jspecify.annotations.NullMarked;
