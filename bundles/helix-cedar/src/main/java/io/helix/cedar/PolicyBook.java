package io.helix.cedar;

import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.exception.CacheException;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.Problem;
import io.helix.api.policy.AuthorizationRequest;
import io.helix.api.policy.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The policies of all profiles, and decisions by them. */
final class PolicyBook {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyBook.class);

    private final CedarEngine engine;
    private final List<ScopedPolicy> system;
    private final Map<String, ProfilePolicies> profiles = new ConcurrentHashMap<>();

    private PolicyBook(CedarEngine engine, List<ScopedPolicy> system) {
        this.engine = engine;
        this.system = system;
    }

    static PolicyBook load() {
        CedarEngine engine = CedarEngine.load();
        List<PolicyText> system = new ArrayList<>();
        BundledPolicies.system().forEach((id, text) -> system.add(engine.read(id, text)));
        refuse("The system policies are", engine.validate(system));
        return new PolicyBook(
                engine,
                engine.scoped(system).stream()
                        .flatMap(document -> document.policies().stream())
                        .toList());
    }

    Decision decide(AuthorizationRequest request) {
        ProfilePolicies policies = profiles.get(request.profile());
        if (policies == null) {
            return new Decision.Forbid(List.of(), "profile '" + request.profile() + "' has no policies");
        }
        Decision remembered = policies.remembered(request);
        return remembered == null ? decide(request, policies) : remembered;
    }

    private Decision decide(AuthorizationRequest request, ProfilePolicies policies) {
        try {
            return evaluate(request, policies);
        } catch (IllegalArgumentException e) {
            return new Decision.Forbid(List.of(), "the request is malformed: " + e.getMessage());
        } catch (AuthException | CacheException | RuntimeException e) {
            LOG.error("Forbidden because Cedar failed: {} {}", request.action(), request.resource(), e);
            return new Decision.Forbid(List.of(), "the authorizer failed: " + e.getMessage());
        }
    }

    private Decision evaluate(AuthorizationRequest request, ProfilePolicies policies)
            throws AuthException, CacheException {
        RequestEntities entities = new RequestEntities(request);
        if (!entities.ownedBy(request.profile(), request.resource())) {
            return new Decision.Forbid(
                    List.of("sys.isolation"), request.resource() + " is not of profile '" + request.profile() + "'");
        }
        CedarEngine.Verdict verdict = engine.evaluate(policies.slice(request, entities), request, entities);
        if (verdict.failed()) {
            LOG.warn("Forbidden: {}", verdict.decision().reason());
        } else {
            policies.remember(request, verdict.decision());
        }
        return verdict.decision();
    }

    /** The same question without the slice and without the memory; slow. */
    Decision decideByAll(AuthorizationRequest request) throws AuthException, CacheException {
        ProfilePolicies policies = profiles.get(request.profile());
        if (policies == null) {
            throw HelixException.notFound("profile '" + request.profile() + "' has no policies");
        }
        return engine.evaluate(policies.everything(), request, new RequestEntities(request))
                .decision();
    }

    synchronized void replace(String profile, Map<String, String> texts) {
        if (texts.isEmpty()) {
            profiles.remove(profile);
            return;
        }
        ProfilePolicies old = profiles.get(profile);
        List<PolicyDocument> own = new ArrayList<>();
        List<PolicyText> changed = new ArrayList<>();
        texts.forEach((id, text) -> {
            PolicyDocument same = old == null ? null : old.same(id, text);
            if (same == null) {
                changed.add(engine.read(id, text));
            } else {
                own.add(same);
            }
        });
        refuse("The policies of profile '" + profile + "' are", problems(changed));
        own.addAll(engine.scoped(changed));
        profiles.put(profile, new ProfilePolicies(own, system));
    }

    List<Problem> validate(String policyId, String text) {
        return problems(List.of(engine.read(policyId, text))).stream()
                .map(PolicyProblem::problem)
                .toList();
    }

    private List<PolicyProblem> problems(List<PolicyText> texts) {
        ProblemList problems = new ProblemList();
        texts.forEach(text -> problems.addAll(text.problems()));
        return problems.shown().isEmpty() ? engine.validate(texts) : problems.shown();
    }

    private static void refuse(String what, List<PolicyProblem> problems) {
        if (!problems.isEmpty()) {
            throw new HelixException(
                    ErrorKind.INVALID,
                    what + " not valid",
                    problems.stream().map(PolicyProblem::named).toList());
        }
    }
}
