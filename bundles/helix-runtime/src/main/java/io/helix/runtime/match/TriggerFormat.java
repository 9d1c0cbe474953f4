package io.helix.runtime.match;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.event.EventFormat;
import io.helix.api.recipe.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The bytes of a trigger on the mesh. */
public final class TriggerFormat {
    private TriggerFormat() {}

    public static byte[] write(Trigger trigger) {
        ObjectNode node = EventFormat.json().createObjectNode();
        node.put("id", trigger.id())
                .put("recipe", trigger.recipe())
                .put("ruleRevision", trigger.ruleRevision())
                .put("principal", trigger.principal())
                .put("time", trigger.time().toString());
        if (trigger.once()) {
            node.put("once", true);
        }
        if (trigger.late()) {
            node.put("late", true);
        }
        if (trigger.rule() != null) {
            node.put("rule", trigger.rule());
        }
        node.set("event", EventFormat.toJson(trigger.event()));
        node.set("inputs", trigger.inputs());
        trigger.policies().forEach(node.putArray("policies")::add);
        return EventFormat.bytes(node);
    }

    /** @throws HelixException INVALID when the bytes are not a trigger */
    public static Trigger read(String profile, byte[] bytes) {
        try {
            JsonNode node = EventFormat.json().readTree(bytes);
            Instant time = Instant.parse(node.path("time").asText());
            List<String> policies = new ArrayList<>();
            node.path("policies").forEach(policy -> policies.add(policy.asText()));
            return new Trigger(
                    node.path("id").asText(),
                    profile,
                    node.path("recipe").asText(),
                    node.hasNonNull("rule") ? node.get("rule").asText() : null,
                    node.path("ruleRevision").asLong(),
                    EventFormat.fromJson(node.path("event"), time),
                    node.path("inputs") instanceof ObjectNode inputs
                            ? inputs
                            : EventFormat.json().createObjectNode(),
                    node.path("principal").asText(),
                    policies,
                    node.path("once").asBoolean(),
                    node.path("late").asBoolean(),
                    time);
        } catch (java.io.IOException | java.time.format.DateTimeParseException e) {
            throw new HelixException(io.helix.api.ErrorKind.INVALID, "this is not a trigger: " + e.getMessage(), e);
        }
    }
}
