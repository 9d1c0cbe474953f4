package io.helix.cedar;

import io.helix.api.policy.AuthorizationRequest;
import io.helix.api.policy.Entity;
import io.helix.api.policy.EntityRef;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entities of one request by their names. An entity with the attribute {@code profile} is in that profile, said or
 * not.
 */
final class RequestEntities {
    private static final String PROFILE = "profile";

    private final Map<EntityRef, Entity> entities = new HashMap<>();

    /** @throws IllegalArgumentException when two entities of one name differ */
    RequestEntities(AuthorizationRequest request) {
        for (Entity entity : request.entities()) {
            Entity other = entities.putIfAbsent(entity.ref(), entity);
            if (other != null && !other.equals(entity)) {
                throw new IllegalArgumentException(entity.ref() + " is there twice, with a difference");
            }
        }
    }

    Iterable<Entity> all() {
        return entities.values();
    }

    static Set<EntityRef> parents(Entity entity) {
        EntityRef profile = profileAttribute(entity);
        if (profile == null || entity.parents().contains(profile)) {
            return entity.parents();
        }
        Set<EntityRef> parents = new HashSet<>(entity.parents());
        parents.add(profile);
        return parents;
    }

    /** The entity, its parents, their parents and so on. */
    Set<EntityRef> lineage(EntityRef ref) {
        Set<EntityRef> lineage = new HashSet<>();
        Deque<EntityRef> open = new ArrayDeque<>();
        open.add(ref);
        while (!open.isEmpty()) {
            EntityRef next = open.remove();
            Entity entity = entities.get(next);
            if (lineage.add(next) && entity != null) {
                open.addAll(parents(entity));
            }
        }
        return lineage;
    }

    /** Whether a resource is the profile or of it, so that a profile never answers for what another one owns. */
    boolean ownedBy(String profile, EntityRef resource) {
        if (resource.type().equals("Profile")) {
            return resource.id().equals(profile);
        }
        Entity entity = entities.get(resource);
        EntityRef owner = entity == null ? null : profileAttribute(entity);
        return owner != null && owner.id().equals(profile);
    }

    private static @Nullable EntityRef profileAttribute(Entity entity) {
        return entity.attributes().has(PROFILE)
                ? CedarValues.reference(entity.attributes().path(PROFILE))
                : null;
    }
}
