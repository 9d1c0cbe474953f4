/** {@link io.helix.api.policy.Authorizer} on cedar-java. */
@NullMarked
package io.helix.cedar;

import org.jspecify.annotations.NullMarked;
