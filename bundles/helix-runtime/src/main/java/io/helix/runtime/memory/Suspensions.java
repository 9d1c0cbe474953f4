package io.helix.runtime.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.event.EventFormat;
import io.helix.api.store.AgentStates;
import io.helix.runtime.document.RuleDefinition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The rules that were given up, by profile; durable. A rule with a new revision is given up no longer. */
final class Suspensions {
    private static final String OWNER = "~rules";
    private static final String KEY = "suspended";

    private final AgentStates states;
    private final Map<String, ObjectNode> known = new HashMap<>();

    Suspensions(AgentStates states) {
        this.states = states;
    }

    synchronized Optional<String> reason(RuleDefinition rule) {
        JsonNode found = of(rule.key().profile()).path(rule.key().name());
        return found.path("revision").asLong(-1) == rule.revision()
                ? Optional.of(found.path("reason").asText())
                : Optional.empty();
    }

    /** False when the rule was given up at this revision before, which stays as it is. */
    synchronized boolean add(RuleDefinition rule, String reason, Instant time) {
        if (reason(rule).isPresent()) {
            return false;
        }
        ObjectNode all = of(rule.key().profile()).deepCopy();
        all.set(
                rule.key().name(),
                JsonNodeFactory.instance
                        .objectNode()
                        .put("revision", rule.revision())
                        .put("reason", reason)
                        .put("time", time.toString()));
        store(rule.key().profile(), all);
        return true;
    }

    synchronized void remove(RuleDefinition rule) {
        ObjectNode all = of(rule.key().profile()).deepCopy();
        if (all.remove(rule.key().name()) != null) {
            store(rule.key().profile(), all);
        }
    }

    private void store(String profile, ObjectNode all) {
        states.put(profile, OWNER, KEY, all.toString(), null);
        known.put(profile, all);
    }

    private ObjectNode of(String profile) {
        return known.computeIfAbsent(profile, this::read);
    }

    private ObjectNode read(String profile) {
        return states.get(profile, OWNER, KEY, Instant.EPOCH)
                .map(text -> EventFormat.parse(text.getBytes(StandardCharsets.UTF_8)))
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .orElseGet(JsonNodeFactory.instance::objectNode);
    }
}
