package io.helix.cedar;

import com.cedarpolicy.model.exception.InternalException;
import com.cedarpolicy.model.policy.Policy;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.policy.EntityRef;
import java.util.HashSet;
import java.util.Set;

/** Reads the heads of policies from Cedar's JSON form of them. What it does not know it takes to match everything. */
final class ScopeReader {
    /** A chain of operators nests twice as deep in JSON, and what is allowed is more than Jackson's own bound. */
    private static final int JSON_DEPTH = 8 * PolicyText.MAX_OPERATORS;

    private final ObjectMapper json = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(JSON_DEPTH).build())
            .build());
    private final HelixSchema schema;

    ScopeReader(HelixSchema schema) {
        this.schema = schema;
    }

    ScopedPolicy read(Policy policy) {
        JsonNode head = parse(policy);
        return new ScopedPolicy(
                policy, entity(head.path("principal")), actions(head.path("action")), entity(head.path("resource")));
    }

    private JsonNode parse(Policy policy) {
        try {
            return json.readTree(policy.toJson());
        } catch (InternalException | JsonProcessingException e) {
            throw new HelixException(ErrorKind.INTERNAL, "Policy '" + policy.policyID + "' has no JSON form", e);
        }
    }

    private EntityScope entity(JsonNode scope) {
        return switch (scope.path("op").asText()) {
            case "==" -> scope.has("entity") ? new EntityScope.Exactly(ref(scope)) : new EntityScope.Any();
            case "in" -> scope.has("entity") ? new EntityScope.Within(ref(scope)) : new EntityScope.Any();
            case "is" -> ofType(schema.shortName(scope.path("entity_type").asText()), scope.path("in"));
            default -> new EntityScope.Any();
        };
    }

    private EntityScope ofType(String type, JsonNode within) {
        return within.has("entity") ? new EntityScope.OfTypeWithin(type, ref(within)) : new EntityScope.OfType(type);
    }

    private EntityRef ref(JsonNode scope) {
        JsonNode entity = scope.path("entity");
        JsonNode plain = entity.has("__entity") ? entity.path("__entity") : entity;
        return new EntityRef(
                schema.shortName(plain.path("type").asText()), plain.path("id").asText());
    }

    private Set<String> actions(JsonNode scope) {
        Set<String> named = new HashSet<>();
        if (scope.has("entity")) {
            named.add(ref(scope).id());
        }
        for (JsonNode entity : scope.path("entities")) {
            named.add(entity.path("id").asText());
        }
        return switch (scope.path("op").asText()) {
            case "==" -> Set.copyOf(named);
            case "in" -> schema.actionsWithin(named);
            default -> schema.actions();
        };
    }
}
