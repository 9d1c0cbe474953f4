package io.helix.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.event.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Rules and events as a platform for automation sees them: every rule names its event type and one to three conditions
 * on the payload.
 *
 * @param rules in the written form
 */
record RuleLoad(List<ObjectNode> rules, List<Event> events) {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int EVENTS = 2_000;
    private static final int STATES = 8;
    private static final int CITIES = 50;

    static RuleLoad of(RuleShape shape) {
        Random random = new Random(42);
        int types = shape.types();
        List<ObjectNode> rules = new ArrayList<>();
        for (int i = 0; i < shape.rules(); i++) {
            rules.add(rule(i % types, random));
        }
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            events.add(event(i, random.nextInt(types), random));
        }
        return new RuleLoad(rules, events);
    }

    private static String type(int number) {
        return "org.example.topic" + number + ".changed";
    }

    private static ObjectNode rule(int type, Random random) {
        ObjectNode rule = NODES.objectNode();
        rule.set("type", one(NODES.textNode(type(type))));
        ObjectNode data = rule.putObject("data");
        int conditions = 1 + random.nextInt(3);
        for (int i = 0; i < conditions; i++) {
            condition(data, rule, random);
        }
        return rule;
    }

    private static void condition(ObjectNode data, ObjectNode rule, Random random) {
        switch (random.nextInt(5)) {
            case 0 -> data.set("state", one(NODES.textNode("state" + random.nextInt(STATES))));
            case 1 -> data.set("amount", range(random));
            case 2 -> data.set("sku", one(NODES.objectNode().put("prefix", "SKU-" + random.nextInt(100))));
            case 3 -> data.set("city", cities(random));
            default -> rule.set("source", one(NODES.textNode("/plant/" + random.nextInt(10))));
        }
        if (data.isEmpty()) {
            data.set("amount", range(random));
        }
    }

    private static ArrayNode range(Random random) {
        int low = random.nextInt(900);
        ArrayNode numeric = NODES.arrayNode().add(">").add(low);
        if (random.nextBoolean()) {
            numeric.add("<=").add(low + 100);
        }
        return one(NODES.objectNode().set("numeric", numeric));
    }

    private static ArrayNode cities(Random random) {
        ArrayNode cities = NODES.arrayNode();
        for (int i = 0; i < 3; i++) {
            cities.add("city" + random.nextInt(CITIES));
        }
        return cities;
    }

    private static ArrayNode one(JsonNode alternative) {
        return NODES.arrayNode().add(alternative);
    }

    private static Event event(int id, int type, Random random) {
        ObjectNode data = NODES.objectNode();
        data.put("state", "state" + random.nextInt(STATES));
        data.put("amount", random.nextInt(1_000));
        data.put("sku", "SKU-" + random.nextInt(10_000));
        data.put("city", "city" + random.nextInt(CITIES));
        data.putObject("device").put("id", "d" + random.nextInt(10_000)).put("battery", random.nextInt(100));
        data.put("note", "nothing looks at this text");
        return new Event("e" + id, "/plant/" + random.nextInt(10), type(type), null, Instant.EPOCH, Map.of(), data);
    }
}
