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
import com.cedarpolicy.model.exception.InternalException;
import com.cedarpolicy.model.policy.Policy;
import com.cedarpolicy.model.policy.PolicySet;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.policy.AuthorizationRequest;
import io.helix.api.policy.Decision;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The native engine with the Helix schema. Only this class and {@link NativePolicySet} call it. */
final class CedarEngine {
    /** Below the 1,024 that the native side holds at most. */
    private static final int NATIVE_SETS = 900;

    /** Cedar names what it reads from one text policy0, policy1 and so on. */
    private static final Comparator<Policy> IN_ORDER = Comparator.comparingInt(
                    (Policy policy) -> policy.policyID.length())
            .thenComparing(policy -> policy.policyID);

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

    /** Its statements as Cedar reads them. When it cannot, they are cut so that each can be told what is wrong in it. */
    PolicyText read(String id, String text) {
        List<String> cut = StatementCutter.cut(text);
        PolicyText pieces = PolicyText.of(id, text, cut);
        if (cut.size() < 2 || !pieces.unfit().isEmpty()) {
            return pieces;
        }
        return parsed(text).map(sources -> PolicyText.of(id, text, sources)).orElseGet(pieces::unreadable);
    }

    private static Optional<List<String>> parsed(String text) {
        try {
            PolicySet set = DeepStack.call(InternalException.class, () -> PolicySet.parsePolicies(text));
            return Optional.of(Stream.concat(set.policies.stream(), set.templates.stream())
                    .sorted(IN_ORDER)
                    .map(policy -> policy.policySrc)
                    .toList());
        } catch (InternalException e) {
            return Optional.empty();
        }
    }

    List<PolicyDocument> scoped(List<PolicyText> texts) {
        return DeepStack.call(
                RuntimeException.class, () -> texts.stream().map(this::scoped).toList());
    }

    private PolicyDocument scoped(PolicyText text) {
        return new PolicyDocument(
                text.id(),
                text.text(),
                text.statements().stream()
                        .map(statement -> scopes.read(statement.policy()))
                        .toList());
    }

    /** What Cedar said. */
    record Verdict(Decision decision, boolean failed) {
        /** Unlike the rest of Cedar, the evaluation stops before the stack of its caller ends. */
        boolean outOfStack() {
            return failed && decision.reason().contains("recursion limit reached");
        }
    }

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
        return sets.use(slice, policies -> {
            Verdict verdict = verdict(request, engine.isAuthorized(question, policies, known));
            return verdict.outOfStack()
                    ? DeepStack.call(
                            AuthException.class, () -> verdict(request, engine.isAuthorized(question, policies, known)))
                    : verdict;
        });
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

    /** Only for texts without a problem of their own. */
    List<PolicyProblem> validate(Collection<PolicyText> texts) {
        Validation validation = new Validation(
                statements -> validateTogether(statements).validationPassed(),
                one -> problems(one.text().id(), one.statement()));
        return DeepStack.call(RuntimeException.class, () -> validation.of(texts));
    }

    private List<PolicyProblem> problems(String documentId, Statement statement) {
        ValidationResponse response = validateTogether(List.of(statement));
        List<DetailedError> errors = new ArrayList<>();
        response.errors.ifPresent(errors::addAll);
        response.success.ifPresent(success -> success.validationErrors.forEach(error -> errors.add(error.getError())));
        return errors.stream()
                .map(error -> PolicyProblem.of(documentId, statement, error))
                .toList();
    }

    private ValidationResponse validateTogether(List<Statement> statements) {
        Set<Policy> policies = statements.stream().map(Statement::policy).collect(Collectors.toSet());
        try {
            return engine.validate(new ValidationRequest(schema.cedar(), new PolicySet(policies)));
        } catch (AuthException e) {
            throw new HelixException(ErrorKind.INTERNAL, "Policies cannot be validated: " + e.getMessage(), e);
        }
    }
}
