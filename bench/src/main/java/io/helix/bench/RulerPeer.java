package io.helix.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.event.Event;
import java.io.IOException;
import java.util.List;
import software.amazon.event.ruler.Machine;

/**
 * The matcher behind Amazon EventBridge. It steps through keys in the order of their names and explodes when numbers
 * and prefixes come before the type, so the type gets a name that comes first: the peer at its best.
 */
final class RulerPeer {
    static final String NAME = "event-ruler 2.1.0";

    private static final String TYPE = "_type";

    private final Machine machine = Machine.builder().build();
    private final List<JsonNode> events;

    RulerPeer(RuleLoad load) throws IOException {
        for (int i = 0; i < load.rules().size(); i++) {
            put("r" + i, load.rules().get(i));
        }
        events = load.events().stream().map(RulerPeer::json).toList();
    }

    void put(String name, ObjectNode rule) throws IOException {
        machine.addRule(name, typeFirst(rule).toString());
    }

    void remove(String name, ObjectNode rule) throws IOException {
        machine.deleteRule(name, typeFirst(rule).toString());
    }

    private static ObjectNode typeFirst(ObjectNode rule) {
        ObjectNode renamed = JsonNodeFactory.instance.objectNode();
        renamed.set(TYPE, rule.get("type"));
        rule.properties().stream()
                .filter(entry -> !entry.getKey().equals("type"))
                .forEach(entry -> renamed.set(entry.getKey(), entry.getValue()));
        return renamed;
    }

    private static JsonNode json(Event event) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put(TYPE, event.type()).put("source", event.source()).put("id", event.id());
        json.set("data", event.data());
        return json;
    }

    /** Matches all events; returns the number of hits. */
    long matchAll() {
        long hits = 0;
        for (JsonNode event : events) {
            hits += machine.rulesForJSONEvent(event).size();
        }
        return hits;
    }
}
