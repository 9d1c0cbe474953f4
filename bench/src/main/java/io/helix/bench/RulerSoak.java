package io.helix.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.api.rule.PatternParser;
import io.helix.api.rule.RuleKey;
import io.helix.drools.DroolsRuleMatcher;
import io.helix.drools.RulerSamples;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import software.amazon.event.ruler.Machine;

/** The network against event-ruler, where both promise the same. Every rule has a machine of its own. */
final class RulerSoak {
    private static final String PROFILE = "soak";
    private static final int RULES = 100;
    private static final int EVENTS = 200;

    private final long seed;
    private final RulerSamples samples;
    private final DroolsRuleMatcher matcher = new DroolsRuleMatcher();
    private final Map<RuleKey, Machine> machines = new LinkedHashMap<>();
    private final Map<RuleKey, String> rules = new LinkedHashMap<>();

    private RulerSoak(long seed) {
        this.seed = seed;
        this.samples = new RulerSamples(seed);
    }

    /** Returns how many pairs of a rule and an event agreed. */
    static long run(long seed) throws Exception {
        return new RulerSoak(seed).run();
    }

    private long run() throws Exception {
        for (int i = 0; i < RULES; i++) {
            add(new RuleKey(PROFILE, "r" + i), samples.rule());
        }
        for (int i = 0; i < EVENTS; i++) {
            compare(samples.event());
        }
        return (long) RULES * EVENTS;
    }

    private void add(RuleKey key, String rule) throws Exception {
        Machine machine = Machine.builder().build();
        machine.addRule(key.name(), rule);
        machines.put(key, machine);
        rules.put(key, rule);
        matcher.put(Map.of(key, PatternParser.parse(json(rule), "match")));
    }

    private void compare(String text) throws Exception {
        Set<RuleKey> found = new HashSet<>(matcher.match(PROFILE, event(text)));
        for (Map.Entry<RuleKey, Machine> entry : machines.entrySet()) {
            boolean expected = !entry.getValue().rulesForJSONEvent(text).isEmpty();
            if (found.contains(entry.getKey()) != expected) {
                String rule = rules.getOrDefault(entry.getKey(), "");
                throw RuleSoak.disagreement(seed, RulerPeer.NAME + " says " + expected, rule, text);
            }
        }
    }

    private static Event event(String text) {
        JsonNode json = json(text);
        return new Event("1", "/soak", json.path("type").asText(), null, Instant.EPOCH, Map.of(), json.path("data"));
    }

    private static JsonNode json(String text) {
        return EventFormat.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
