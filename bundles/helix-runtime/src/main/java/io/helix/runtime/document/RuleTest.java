package io.helix.runtime.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A test that a rule brings with it: events in virtual time, and what is to come of them.
 *
 * @param facts what is set, in order
 * @param until when the test ends
 * @param fired how often the rule is to fire
 * @param with fields that the inputs of some firing must have; null when they do not matter
 * @param because a text that the explanation of some event must hold; null when it does not matter
 */
public record RuleTest(
        String name,
        List<TestEvent> events,
        List<TestFacts> facts,
        Duration until,
        long fired,
        @Nullable ObjectNode with,
        @Nullable String because) {
    public RuleTest {
        events = List.copyOf(events);
        facts = List.copyOf(facts);
    }

    /** @param at when it is stored, from the beginning of the test */
    public record TestEvent(Duration at, ObjectNode attributes, JsonNode data) {}

    /**
     * @param at from when on, from the beginning of the test
     * @param values by name; null removes
     */
    public record TestFacts(Duration at, ObjectNode values) {}

    /** What holds at a time from the beginning of the test. */
    public ObjectNode factsAt(Duration time) {
        ObjectNode held = JsonNodeFactory.instance.objectNode();
        for (TestFacts set : facts) {
            if (set.at().compareTo(time) <= 0) {
                held.setAll(set.values());
            }
        }
        held.properties().removeIf(fact -> fact.getValue().isNull());
        return held;
    }
}
