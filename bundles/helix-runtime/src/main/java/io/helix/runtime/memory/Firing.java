package io.helix.runtime.memory;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.event.Event;
import io.helix.runtime.document.RuleDefinition;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A rule fires.
 *
 * @param due when, by the clock of the log
 * @param key empty when the rule has none
 * @param event the last event that matched
 * @param variables what the templates of the rule see
 * @param events ids of the matched events, in order
 * @param identity what makes this firing the same when it is found again
 */
public record Firing(
        RuleDefinition rule,
        Instant due,
        String key,
        Event event,
        Map<String, JsonNode> variables,
        List<String> events,
        List<String> identity) {
    public Firing {
        variables = Map.copyOf(variables);
        events = List.copyOf(events);
        identity = List.copyOf(identity);
    }

    /** Of a rule about one event. */
    public static Firing of(RuleDefinition rule, Event event, Instant due, Map<String, JsonNode> variables) {
        return new Firing(rule, due, "", event, variables, List.of(event.id()), List.of(event.identity()));
    }
}
