package io.helix.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.event.Event;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.PatternParser;
import io.helix.api.rule.RuleKey;
import io.helix.api.rule.RuleMatcher;
import io.helix.drools.DroolsRuleMatcher;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tier 1 as the server runs it. */
final class HelixRules {
    private static final String PROFILE = "bench";

    private final RuleMatcher matcher = new DroolsRuleMatcher();
    private final List<Event> events;

    HelixRules(RuleLoad load) {
        Map<RuleKey, Pattern> patterns = new HashMap<>();
        for (int i = 0; i < load.rules().size(); i++) {
            patterns.put(key("r" + i), pattern(load.rules().get(i)));
        }
        matcher.put(patterns);
        events = load.events();
    }

    private static RuleKey key(String name) {
        return new RuleKey(PROFILE, name);
    }

    private static Pattern pattern(ObjectNode rule) {
        return PatternParser.parse(rule, "match");
    }

    void put(String name, ObjectNode rule) {
        matcher.put(Map.of(key(name), pattern(rule)));
    }

    void remove(String name) {
        matcher.remove(List.of(key(name)));
    }

    /** Matches all events; returns the number of hits. */
    long matchAll() {
        long hits = 0;
        for (Event event : events) {
            hits += matcher.match(PROFILE, event).size();
        }
        return hits;
    }
}
