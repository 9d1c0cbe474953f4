package io.helix.api.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * One question: may principal do action to resource?
 *
 * @param profile whose policies answer, together with the system policies
 * @param action e.g. {@code triggerRecipe}
 * @param entities the principal, the resource and their ancestors
 * @param context as the schema declares it for the action. Must not be changed, and never holds a secret
 */
public record AuthorizationRequest(
        String profile,
        EntityRef principal,
        String action,
        EntityRef resource,
        List<Entity> entities,
        ObjectNode context) {
    public AuthorizationRequest {
        entities = List.copyOf(entities);
    }
}
