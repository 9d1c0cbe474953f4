package io.helix.cedar;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationResponse;
import com.cedarpolicy.model.AuthorizationSuccessResponse;
import com.cedarpolicy.model.DetailedError;
import com.cedarpolicy.model.ValidationRequest;
import com.cedarpolicy.model.ValidationResponse;
import com.cedarpolicy.model.entity.Entity;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.exception.CacheException;
import com.cedarpolicy.model.policy.Policy;
import com.cedarpolicy.model.policy.PolicySet;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.policy.AuthorizationRequest;
import io.helix.api.policy.Decision;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The native engine with the Helix schema. Only this class and {@link NativePolicySet} call it. */
final class CedarEngine {
    /** Below the 1,024 that the native side holds at most. */
    private static final int NATIVE_SETS = 900;

    private final BasicAuthorizationEngine engine = new BasicAuthorizationEngine();
    private final NativePolicySets sets = new NativePolicySets(NATIVE_SETS);
    private final HelixSchema schema;
    private final CedarValues values;
    private final ScopeReader scopes;

    private CedarEngine(HelixSchema schema) {
        this.schema = schema;
        this.values = new CedarValues(schema);
        this.scopes = new ScopeReader(schema);
    }

    /** Loads the native library and parses the schema; slow. */
    static CedarEngine load() {
        try {
            return new CedarEngine(HelixSchema.parse("Helix", BundledPolicies.schema()));
        } catch (AuthException | CacheException | JsonProcessingException e) {
            throw new HelixException(ErrorKind.INTERNAL, "The Cedar schema is not valid: " + e.getMessage(), e);
        }
    }

    ScopedPolicy read(Policy policy) {
        return scopes.read(policy);
    }

    /** What Cedar said. */
    record Verdict(Decision decision, boolean failed) {}

    /** @throws IllegalArgumentException when the request is malformed */
    Verdict evaluate(Slice slice, AuthorizationRequest request, RequestEntities entities)
            throws AuthException, CacheException {
        var question = new com.cedarpolicy.model.AuthorizationRequest(
                schema.entity(request.principal()),
                schema.action(request.action()),
                schema.entity(request.resource()),
                Optional.of(values.context(request.context())),
                Optional.of(schema.cedar()),
                true);
        Set<Entity> known = entities(entities);
        return sets.use(slice, policies -> verdict(request, engine.isAuthorized(question, policies, known)));
    }

    private Set<Entity> entities(RequestEntities entities) {
        Set<Entity> known = new HashSet<>();
        for (io.helix.api.policy.Entity entity : entities.all()) {
            known.add(new Entity(
                    schema.entity(entity.ref()),
                    values.record(entity.attributes()),
                    RequestEntities.parents(entity).stream().map(schema::entity).collect(Collectors.toSet())));
        }
        return known;
    }

    private static Verdict verdict(AuthorizationRequest request, AuthorizationResponse response) {
        if (response.success.isEmpty()) {
            return failed(
                    List.of(),
                    "the request does not fit the schema: "
                            + response.errors.map(CedarEngine::messages).orElse("no reason given"));
        }
        AuthorizationSuccessResponse success = response.success.get();
        List<String> reasons = List.copyOf(new TreeSet<>(success.getReason()));
        // Cedar skips a policy that fails, also one that would forbid.
        if (!success.getErrors().isEmpty()) {
            var error = success.getErrors().getFirst();
            return failed(
                    List.of(error.getPolicyId()),
                    "policy " + error.getPolicyId() + " failed: " + error.getError().message);
        }
        return new Verdict(success.isAllowed() ? new Decision.Permit(reasons) : forbid(request, reasons), false);
    }

    private static Decision forbid(AuthorizationRequest request, List<String> reasons) {
        String reason = reasons.isEmpty()
                ? "no policy permits " + request.principal() + " to " + request.action() + " " + request.resource()
                : "forbidden by " + String.join(", ", reasons);
        return new Decision.Forbid(reasons, reason);
    }

    private static Verdict failed(List<String> policies, String reason) {
        return new Verdict(new Decision.Forbid(policies, reason), true);
    }

    private static String messages(Collection<DetailedError> errors) {
        return errors.stream().map(error -> error.message).collect(Collectors.joining("; "));
    }

    /** All at once is much faster; but a syntax error then does not say in which policy it is. */
    List<PolicyProblem> validate(List<Policy> policies) {
        if (policies.isEmpty() || validateTogether(policies).validationPassed()) {
            return List.of();
        }
        List<PolicyProblem> problems = new ArrayList<>();
        policies.forEach(policy -> problems.addAll(problems(policy)));
        return problems;
    }

    private List<PolicyProblem> problems(Policy policy) {
        ValidationResponse response = validateTogether(List.of(policy));
        List<DetailedError> errors = new ArrayList<>();
        response.errors.ifPresent(errors::addAll);
        response.success.ifPresent(success -> success.validationErrors.forEach(error -> errors.add(error.getError())));
        return errors.stream()
                .map(error -> PolicyProblem.of(policy.policyID, policy.policySrc, error))
                .toList();
    }

    private ValidationResponse validateTogether(List<Policy> policies) {
        try {
            return engine.validate(new ValidationRequest(schema.cedar(), new PolicySet(new HashSet<>(policies))));
        } catch (AuthException e) {
            throw new HelixException(ErrorKind.INTERNAL, "Policies cannot be validated: " + e.getMessage(), e);
        }
    }
}
