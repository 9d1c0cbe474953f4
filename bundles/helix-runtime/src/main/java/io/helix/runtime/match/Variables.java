package io.helix.runtime.match;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.runtime.document.RuleDefinition;
import java.time.Instant;
import java.util.Map;

/** What the expressions of a rule about one event see. */
public final class Variables {
    private Variables() {}

    /**
     * @param event the envelope's attributes and {@code data}
     * @param facts what held when it was stored
     */
    public static Map<String, JsonNode> of(RuleDefinition rule, JsonNode event, Instant stored, ObjectNode facts) {
        ObjectNode match = JsonNodeFactory.instance
                .objectNode()
                .put("rule", rule.key().name())
                .put("time", stored.toString())
                .put("count", 1);
        ObjectNode events = JsonNodeFactory.instance.objectNode();
        events.set(RuleDefinition.EVENT, event);
        return Map.of(
                RuleDefinition.EVENT,
                event,
                "events",
                events,
                "match",
                match,
                "vars",
                rule.vars(),
                RuleDefinition.FACTS,
                facts);
    }
}
