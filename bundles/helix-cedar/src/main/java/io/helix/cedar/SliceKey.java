package io.helix.cedar;

import io.helix.api.policy.EntityRef;
import java.util.Set;

/**
 * All that the heads of a profile's policies can see of a request.
 *
 * @param principals of the principal and its ancestors those that a head names
 * @param resources of the resource and its ancestors those that a head names
 */
record SliceKey(
        String action,
        String principalType,
        String resourceType,
        Set<EntityRef> principals,
        Set<EntityRef> resources) {}
