package io.helix.api.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * What the authorizer may know about one entity of a request.
 *
 * @param attributes as the schema declares them; a reference to another entity is {@code {"type":..,"id":..}} below a
 *     key {@code __entity}. Must not be changed
 */
public record Entity(EntityRef ref, Set<EntityRef> parents, ObjectNode attributes) {
    public Entity {
        parents = Set.copyOf(parents);
    }
}
