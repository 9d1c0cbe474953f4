package io.helix.sdk.testing.policy;

import io.helix.api.Problem;
import io.helix.api.policy.AuthorizationRequest;
import io.helix.api.policy.Authorizer;
import io.helix.api.policy.Decision;
import java.util.List;
import java.util.Map;

/** Permits everything, for tests whose subject is not authorization. */
public final class PermitAllAuthorizer implements Authorizer {
    public static final String POLICY = "test.permit-all";

    @Override
    public Decision decide(AuthorizationRequest request) {
        return new Decision.Permit(List.of(POLICY));
    }

    @Override
    public void replace(String profile, Map<String, String> policies) {}

    @Override
    public List<Problem> validate(String policyId, String text) {
        return List.of();
    }

    @Override
    public Map<String, String> defaults(String profile) {
        return Map.of(POLICY, "permit (principal, action, resource);");
    }
}
