package io.helix.sdk.testing.policy;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.Problem;
import io.helix.api.policy.AuthorizationRequest;
import io.helix.api.policy.Authorizer;
import io.helix.api.policy.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * Permits what no script forbids, and remembers every question. A policy text with the word {@code broken} is not
 * valid.
 */
public final class ScriptedAuthorizer implements Authorizer {
    private record Script(String policyId, Predicate<AuthorizationRequest> forbids) {}

    private final List<Script> scripts = new CopyOnWriteArrayList<>();
    private final List<AuthorizationRequest> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Map<String, String>> policies = new ConcurrentHashMap<>();

    /** From now on, what {@code forbids} matches is forbidden by {@code policyId}. */
    public ScriptedAuthorizer forbid(String policyId, Predicate<AuthorizationRequest> forbids) {
        scripts.add(new Script(policyId, forbids));
        return this;
    }

    public ScriptedAuthorizer forbidAction(String policyId, String action) {
        return forbid(policyId, request -> request.action().equals(action));
    }

    /** Forgets all scripts, so that everything is permitted again. */
    public void permitAll() {
        scripts.clear();
    }

    /** All questions so far, in order. */
    public List<AuthorizationRequest> asked() {
        return List.copyOf(asked);
    }

    /** What was last given to {@link #replace}; empty if nothing was. */
    public Map<String, String> policies(String profile) {
        return policies.getOrDefault(profile, Map.of());
    }

    @Override
    public Decision decide(AuthorizationRequest request) {
        asked.add(request);
        List<String> forbidding = scripts.stream()
                .filter(script -> script.forbids().test(request))
                .map(Script::policyId)
                .toList();
        return forbidding.isEmpty()
                ? new Decision.Permit(List.of(PermitAllAuthorizer.POLICY))
                : new Decision.Forbid(forbidding, "forbidden by " + String.join(", ", forbidding));
    }

    @Override
    public void replace(String profile, Map<String, String> policies) {
        List<Problem> problems = new ArrayList<>();
        policies.forEach((id, text) -> problems.addAll(validate(id, text)));
        if (!problems.isEmpty()) {
            throw new HelixException(ErrorKind.INVALID, "The policies of profile '" + profile + "'", problems);
        }
        this.policies.put(profile, Map.copyOf(policies));
    }

    @Override
    public List<Problem> validate(String policyId, String text) {
        return text.contains("broken") ? List.of(new Problem("line 1, column 1", policyId + " is broken")) : List.of();
    }

    @Override
    public Map<String, String> defaults(String profile) {
        return Map.of(PermitAllAuthorizer.POLICY, "permit (principal, action, resource);");
    }
}
