package io.helix.runtime.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.Names;
import io.helix.api.Problem;
import io.helix.runtime.fact.Facts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads the {@code tests} of a rule. */
final class RuleTestReader {
    private static final int MAX_TESTS = 50;
    private static final int MAX_EVENTS = 1_000;
    private static final Duration LONGEST = Duration.ofDays(30);

    private RuleTestReader() {}

    static List<RuleTest> read(Fields rule, List<Problem> problems) {
        List<RuleTest> tests = new ArrayList<>();
        List<JsonNode> items = rule.list("tests", MAX_TESTS);
        for (int i = 0; i < items.size(); i++) {
            tests.add(test(new Fields(items.get(i), "spec.tests[" + i + "]", problems), problems, i));
        }
        return tests;
    }

    private static RuleTest test(Fields test, List<Problem> problems, int index) {
        String name = test.optionalText("name").orElse("test " + (index + 1));
        Timeline timeline = new Timeline();
        timeline.facts(Duration.ZERO, test);
        List<JsonNode> items = test.list("events", MAX_EVENTS);
        for (int i = 0; i < items.size(); i++) {
            timeline.read(new Fields(items.get(i), test.where("events[" + i + "]"), problems), items.get(i));
        }
        if (timeline.events.isEmpty()) {
            test.problem("events", "must list at least one event: events: [{at: 0s, type: order.created, data: {}}]");
        }
        Duration last = timeline.last;
        Duration until = test.span("advance", last, LONGEST);
        if (until.compareTo(last) < 0) {
            test.problem(
                    "advance", "is before the last event: it is the time at which the test ends, from its beginning");
        }
        Fields expect = new Fields(test.object("expect"), test.where("expect"), problems);
        if (!expect.has("fired")) {
            expect.problem("fired", "is required: say how often the rule is to fire, for example expect: {fired: 1}");
        }
        long fired = expect.integer("fired", 0, 0, 1_000_000);
        ObjectNode with = expect.has("with") ? expect.object("with") : null;
        String because = expect.optionalText("because").orElse(null);
        expect.end();
        test.end();
        return new RuleTest(name, timeline.events, timeline.facts, until, fired, with, because);
    }

    /** What happens in a test, in order. */
    private static final class Timeline {
        private final List<RuleTest.TestEvent> events = new ArrayList<>();
        private final List<RuleTest.TestFacts> facts = new ArrayList<>();
        private Duration last = Duration.ZERO;

        void read(Fields item, JsonNode written) {
            Duration at = item.span("at", last, LONGEST);
            if (at.compareTo(last) < 0) {
                item.problem(
                        "at",
                        "is before the event above it: events and facts are listed in the order in which they come");
            }
            last = at;
            if (written.has("facts") && !written.has("type")) {
                if (!events.isEmpty() && events.getLast().at().equals(at)) {
                    item.problem("at", "is the time of the event above it: say whether it sees these facts");
                }
                facts(at, item);
                item.end();
            } else {
                events.add(event(at, item, written));
            }
        }

        void facts(Duration at, Fields item) {
            if (item.has("facts")) {
                ObjectNode values = item.object("facts");
                values.properties().forEach(fact -> check(item, fact.getKey(), fact.getValue()));
                facts.add(new RuleTest.TestFacts(at, values));
            }
        }

        private static void check(Fields item, String name, JsonNode value) {
            try {
                Names.requireFact(name);
                if (!value.isNull()) {
                    Facts.requireValue(name, value);
                }
            } catch (HelixException e) {
                item.problem("facts", e.message());
            }
        }

        private static RuleTest.TestEvent event(Duration at, Fields item, JsonNode written) {
            if (!item.has("type")) {
                item.problem("type", "is required");
            }
            ObjectNode attributes = JsonNodeFactory.instance.objectNode();
            JsonNode data = JsonNodeFactory.instance.missingNode();
            for (var field : written.properties()) {
                switch (field.getKey()) {
                    case "at" -> {}
                    case "data" -> data = field.getValue();
                    default -> attributes.set(field.getKey(), field.getValue());
                }
                item.has(field.getKey());
            }
            return new RuleTest.TestEvent(at, attributes, data);
        }
    }
}
