package io.helix.cedar;

import com.cedarpolicy.model.policy.Policy;
import java.util.Set;

/**
 * A policy with its head read, so that those which cannot match need not be evaluated: such a policy can neither decide
 * nor fail.
 *
 * @param actions all that the head can match, groups expanded
 */
record ScopedPolicy(Policy policy, EntityScope principal, Set<String> actions, EntityScope resource) {
    boolean mayMatch(SliceKey key) {
        return actions.contains(key.action())
                && principal.mayMatch(key.principalType(), key.principals())
                && resource.mayMatch(key.resourceType(), key.resources());
    }
}
