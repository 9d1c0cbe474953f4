package io.helix.runtime.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.Problem;
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
        List<RuleTest.TestEvent> events = new ArrayList<>();
        List<JsonNode> items = test.list("events", MAX_EVENTS);
        for (int i = 0; i < items.size(); i++) {
            Fields event = new Fields(items.get(i), test.where("events[" + i + "]"), problems);
            events.add(event(event, items.get(i), events));
        }
        if (events.isEmpty()) {
            test.problem("events", "must list at least one event: events: [{at: 0s, type: order.created, data: {}}]");
        }
        Duration last = events.isEmpty() ? Duration.ZERO : events.getLast().at();
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
        return new RuleTest(name, events, until, fired, with, because);
    }

    private static RuleTest.TestEvent event(Fields event, JsonNode written, List<RuleTest.TestEvent> before) {
        Duration at = event.span(
                "at", before.isEmpty() ? Duration.ZERO : before.getLast().at(), LONGEST);
        if (!before.isEmpty() && at.compareTo(before.getLast().at()) < 0) {
            event.problem("at", "is before the event above it: events are listed in the order in which they arrive");
        }
        if (!event.has("type")) {
            event.problem("type", "is required");
        }
        ObjectNode attributes = JsonNodeFactory.instance.objectNode();
        JsonNode data = JsonNodeFactory.instance.missingNode();
        for (var field : written.properties()) {
            switch (field.getKey()) {
                case "at" -> {}
                case "data" -> data = field.getValue();
                default -> attributes.set(field.getKey(), field.getValue());
            }
            event.has(field.getKey());
        }
        return new RuleTest.TestEvent(at, attributes, data);
    }
}
