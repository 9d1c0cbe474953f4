package io.helix.cedar;

import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.exception.CacheException;
import com.cedarpolicy.model.schema.Schema;
import com.cedarpolicy.value.EntityTypeName;
import com.cedarpolicy.value.EntityUID;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.policy.EntityRef;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The schema of one namespace: what there is, and the names of it with and without the namespace. */
final class HelixSchema {
    private static final int MAX_ID = 1024;

    private final String prefix;
    private final Schema schema;
    private final Map<String, EntityTypeName> types = new HashMap<>();
    private final EntityTypeName actionType;
    /** By action the groups it is in, directly or not, and itself. */
    private final Map<String, Set<String>> actions = new HashMap<>();

    private HelixSchema(String namespace, Schema schema, JsonNode json) {
        this.prefix = namespace + "::";
        this.schema = schema;
        this.actionType = typeName("Action");
        JsonNode declared = json.path(namespace);
        declared.path("entityTypes").fieldNames().forEachRemaining(type -> types.put(type, typeName(type)));
        JsonNode declaredActions = declared.path("actions");
        declaredActions.fieldNames().forEachRemaining(action -> {
            Set<String> groups = new HashSet<>();
            collectGroups(declaredActions, action, groups);
            actions.put(action, Set.copyOf(groups));
        });
    }

    /** Also leaves the schema parsed on the native side, where decisions use it. */
    static HelixSchema parse(String namespace, String text)
            throws AuthException, CacheException, JsonProcessingException {
        Schema schema = Schema.parse(Schema.JsonOrCedar.Cedar, text);
        schema.cache();
        return new HelixSchema(namespace, schema, schema.toJsonFormat());
    }

    private static void collectGroups(JsonNode declared, String action, Set<String> groups) {
        if (groups.add(action)) {
            for (JsonNode parent : declared.path(action).path("memberOf")) {
                collectGroups(declared, parent.path("id").asText(), groups);
            }
        }
    }

    private EntityTypeName typeName(String type) {
        return EntityTypeName.parse(prefix + type)
                .orElseThrow(() -> new IllegalArgumentException("entity type '" + type + "' is not a name"));
    }

    Schema cedar() {
        return schema;
    }

    Set<String> actions() {
        return Set.copyOf(actions.keySet());
    }

    /** All actions that are in one of these groups, and those of them that are actions. */
    Set<String> actionsWithin(Collection<String> groups) {
        return actions.entrySet().stream()
                .filter(action -> action.getValue().stream().anyMatch(groups::contains))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    String shortName(String type) {
        return type.startsWith(prefix) ? type.substring(prefix.length()) : type;
    }

    /** @throws IllegalArgumentException when the schema has no such action */
    EntityUID action(String action) {
        if (!actions.containsKey(action)) {
            throw new IllegalArgumentException("action '" + action + "' is not in the schema");
        }
        return actionType.of(action);
    }

    /** @throws IllegalArgumentException when the schema has no such type, or the id is not plain text */
    EntityUID entity(EntityRef ref) {
        EntityTypeName type = types.get(ref.type());
        if (type == null) {
            throw new IllegalArgumentException("entity type '" + ref.type() + "' is not in the schema");
        }
        return type.of(requirePlain(ref.id()));
    }

    /** Cedar takes control characters and halves of surrogate pairs, but they only serve to deceive. */
    private static String requirePlain(String id) {
        boolean plain = !id.isEmpty()
                && id.length() <= MAX_ID
                && id.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
        if (!plain) {
            throw new IllegalArgumentException(
                    "an entity id is 1 to " + MAX_ID + " characters without control characters");
        }
        return id;
    }
}
