package io.helix.cedar;

import io.helix.api.policy.AuthorizationRequest;
import io.helix.api.policy.Decision;
import io.helix.api.policy.EntityRef;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The policies of one profile as they were at one moment, and what was decided by them. A change makes a new one, so
 * that no decision outlives the policies it came from.
 */
final class ProfilePolicies {
    private static final int DECISIONS = 8_192;
    private static final int SLICES = 1_024;

    private final Map<String, PolicyDocument> own = new HashMap<>();
    private final List<ScopedPolicy> all;
    private final Set<EntityRef> namedPrincipals = new HashSet<>();
    private final Set<EntityRef> namedResources = new HashSet<>();
    private final GenerationCache<AuthorizationRequest, Decision> decisions = new GenerationCache<>(DECISIONS);
    private final GenerationCache<SliceKey, Slice> slices = new GenerationCache<>(SLICES);
    private final GenerationCache<List<ScopedPolicy>, Slice> slicesByContent = new GenerationCache<>(SLICES);

    ProfilePolicies(Collection<PolicyDocument> own, List<ScopedPolicy> system) {
        own.forEach(document -> this.own.put(document.id(), document));
        this.all = Stream.concat(system.stream(), own.stream().flatMap(document -> document.policies().stream()))
                .toList();
        all.forEach(policy -> {
            policy.principal().named().ifPresent(namedPrincipals::add);
            policy.resource().named().ifPresent(namedResources::add);
        });
    }

    /** The document if it is there with this very text. */
    @Nullable
    PolicyDocument same(String id, String text) {
        PolicyDocument document = own.get(id);
        return document != null && document.text().equals(text) ? document : null;
    }

    @Nullable
    Decision remembered(AuthorizationRequest request) {
        return decisions.get(request);
    }

    void remember(AuthorizationRequest request, Decision decision) {
        decisions.put(request, decision);
    }

    /** The policies whose heads can match the request. */
    Slice slice(AuthorizationRequest request, RequestEntities entities) {
        SliceKey key = new SliceKey(
                request.action(),
                request.principal().type(),
                request.resource().type(),
                named(entities.lineage(request.principal()), namedPrincipals),
                named(entities.lineage(request.resource()), namedResources));
        Slice known = slices.get(key);
        if (known != null) {
            return known;
        }
        Slice slice = select(key);
        slices.put(key, slice);
        return slice;
    }

    private static Set<EntityRef> named(Set<EntityRef> lineage, Set<EntityRef> named) {
        lineage.retainAll(named);
        return lineage;
    }

    /** Different requests often select the same policies; then they share what is parsed. */
    private Slice select(SliceKey key) {
        List<ScopedPolicy> selected =
                all.stream().filter(policy -> policy.mayMatch(key)).toList();
        Slice known = slicesByContent.get(selected);
        if (known != null) {
            return known;
        }
        Slice slice = new Slice(selected);
        slicesByContent.put(selected, slice);
        return slice;
    }

    Slice everything() {
        return new Slice(all);
    }
}
