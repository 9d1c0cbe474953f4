package io.helix.drools;

import static io.helix.drools.Samples.PROFILE;
import static io.helix.drools.Samples.json;
import static io.helix.drools.Samples.key;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.PatternParser;
import io.helix.api.rule.RuleKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import software.amazon.event.ruler.Machine;

/**
 * Against the implementation that Amazon EventBridge uses, where we promise the same: patterns and events without
 * arrays of objects, {@code anything-but} over arrays, and {@code exists} on objects. Every rule
 * has a machine of its own: with all rules in one, event-ruler 2.1.0 gave answers here that are wrong by its own
 * documentation, a match too many for {@code equals-ignore-case} and a lost array element.
 */
class RulerDifferentialTest {
    private final RulerSamples samples = new RulerSamples(11);
    private final DroolsRuleMatcher matcher = new DroolsRuleMatcher();

    @Test
    void eventRulerAndTheNetworkAgree() throws Exception {
        Map<String, Machine> machines = new HashMap<>();
        Map<RuleKey, Pattern> patterns = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            String text = samples.rule();
            Machine machine = Machine.builder().build();
            machine.addRule("r" + i, text);
            machines.put("r" + i, machine);
            patterns.put(key("r" + i), PatternParser.parse(json(text), "match"));
        }
        matcher.put(patterns);
        long hits = 0;
        for (int i = 0; i < 1_000; i++) {
            String text = samples.event();
            hits += assertAgreement(machines, patterns, text);
        }
        assertThat(hits).isGreaterThan(1_000);
    }

    private int assertAgreement(Map<String, Machine> machines, Map<RuleKey, Pattern> patterns, String text)
            throws Exception {
        JsonNode event = json(text);
        TreeSet<String> ours = new TreeSet<>();
        List<RuleKey> found =
                matcher.match(PROFILE, Samples.event(event.get("type").textValue(), event.get("data")));
        found.forEach(key -> ours.add(key.name()));
        TreeSet<String> theirs = new TreeSet<>();
        for (Machine machine : machines.values()) {
            theirs.addAll(machine.rulesForJSONEvent(text));
        }
        if (!ours.equals(theirs)) {
            TreeSet<String> different = new TreeSet<>(ours);
            different.addAll(theirs);
            different.removeIf(name -> ours.contains(name) && theirs.contains(name));
            assertThat(different)
                    .as(
                            "%s against %s, only ours: %s",
                            text, patterns.get(key(different.first())), ours.contains(different.first()))
                    .isEmpty();
        }
        return found.size();
    }
}
