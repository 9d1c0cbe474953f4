package io.helix.runtime.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import io.helix.runtime.document.RoleDefinition;
import io.helix.runtime.document.RuleDefinition;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/** What the expressions of a rule see. */
final class Views {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final LongFunction<Optional<Event>> log;

    /** @param log finds an event again that is not remembered as a whole */
    Views(LongFunction<Optional<Event>> log) {
        this.log = log;
    }

    /** One event in a role. @param facts what held when it was stored */
    static Map<String, JsonNode> ofRole(RuleDefinition rule, RoleDefinition role, JsonNode event, ObjectNode facts) {
        Map<String, JsonNode> view = new HashMap<>();
        view.put(RuleDefinition.EVENT, event);
        view.put(role.alias(), event);
        if (role.key() != null) {
            view.put(role.key().variable(), event);
        }
        view.put("vars", rule.vars());
        view.put(RuleDefinition.FACTS, facts);
        return view;
    }

    /** A match as a whole. @param facts what holds when it is made */
    static Map<String, JsonNode> ofMatch(RuleDefinition rule, Match match, Instant time, ObjectNode facts) {
        Map<String, JsonNode> view = new HashMap<>();
        ObjectNode events = JSON.objectNode();
        match.hits()
                .forEach((alias, hit) -> event(hit).ifPresent(event -> events.set(alias, EventFormat.toJson(event))));
        events.properties().forEach(entry -> view.put(entry.getKey(), entry.getValue()));
        view.put("events", events);
        JsonNode last = events.get(match.last().alias());
        if (last != null) {
            view.put(RuleDefinition.EVENT, last);
        }
        view.put("match", matched(rule, match.key(), time, 1));
        view.put("vars", rule.vars());
        view.put(RuleDefinition.FACTS, facts);
        Match.Measured aggregate = match.aggregate();
        if (aggregate != null) {
            view.put("aggregate", measured(aggregate));
        }
        return view;
    }

    /** Many matches that were collected; {@code event} and the aliases are those of the last. */
    static Map<String, JsonNode> ofCollected(RuleDefinition rule, Throttles.Collected collected, ObjectNode facts) {
        List<Match> matches = collected.matches();
        Map<String, JsonNode> view = new HashMap<>(ofMatch(rule, matches.getLast(), collected.due(), facts));
        ArrayNode all = JSON.arrayNode();
        for (Match match : matches) {
            Map<String, JsonNode> one = ofMatch(rule, match, match.time(), facts);
            ObjectNode node =
                    JSON.objectNode().put("time", match.time().toString()).put("key", match.key());
            for (String name : List.of(RuleDefinition.EVENT, "events", "aggregate")) {
                if (one.get(name) != null) {
                    node.set(name, one.get(name));
                }
            }
            all.add(node);
        }
        view.put("matches", all);
        view.put("match", matched(rule, collected.key(), collected.due(), collected.count()));
        return view;
    }

    private static ObjectNode matched(RuleDefinition rule, String key, Instant time, long count) {
        ObjectNode node = JSON.objectNode()
                .put("rule", rule.key().name())
                .put("time", time.toString())
                .put("count", count);
        node.set("key", Keys.value(key));
        return node;
    }

    private static ObjectNode measured(Match.Measured aggregate) {
        return JSON.objectNode()
                .put("value", aggregate.value())
                .put("count", aggregate.count())
                .put("from", aggregate.from().toString())
                .put("to", aggregate.to().toString());
    }

    /** Fetches what the rule needs of a match and only the log has, so that nothing can be missing afterwards. */
    void lookUp(RuleDefinition rule, Match match) {
        Hit last = match.last();
        match.hits().forEach((alias, hit) -> {
            boolean needed = rule.keepsEvent(alias) || hit.equals(last);
            if (needed && !held(hit) && hit.event() instanceof Remembered remembered) {
                log.apply(remembered.sequence()).ifPresent(remembered::hold);
            }
        });
    }

    private static boolean held(Hit hit) {
        return hit.event() instanceof Remembered remembered && remembered.event() != null;
    }

    /** Keeps an event that a changed rule looks at again, as long as the rule remembers it. */
    void keep(Hit hit) {
        if (!held(hit) && hit.event() instanceof Remembered remembered) {
            log.apply(remembered.sequence()).ifPresent(remembered::keep);
        }
    }

    /** Empty when the event is neither kept nor looked up. */
    static Optional<Event> event(Hit hit) {
        return hit.event() instanceof Remembered remembered
                ? Optional.ofNullable(remembered.event())
                : Optional.empty();
    }
}
