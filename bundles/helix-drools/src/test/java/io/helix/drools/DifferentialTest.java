package io.helix.drools;

import static io.helix.drools.Samples.PROFILE;
import static io.helix.drools.Samples.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.event.Event;
import io.helix.api.rule.ConditionReport;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.RuleKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The network against the plain evaluator. */
class DifferentialTest {
    private final DroolsRuleMatcher matcher = new DroolsRuleMatcher();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void networkAndPlainEvaluatorAgreeOnRandomRulesAndEvents(long seed) {
        RandomSamples samples = new RandomSamples(seed);
        Map<RuleKey, Pattern> patterns = new HashMap<>();
        for (int i = 0; i < 400; i++) {
            patterns.put(key("r" + i), samples.pattern());
        }
        matcher.put(patterns);
        long hits = 0;
        for (int i = 0; i < 500; i++) {
            hits += assertAgreement(patterns, samples.event());
        }
        assertThat(hits).isGreaterThan(5_000);
    }

    @Test
    void theyStillAgreeWhileRulesComeAndGo() {
        RandomSamples samples = new RandomSamples(4);
        Random random = new Random(4);
        Map<RuleKey, Pattern> patterns = new HashMap<>();
        for (int i = 0; i < 1_500; i++) {
            RuleKey key = key("r" + random.nextInt(150));
            if (random.nextInt(3) == 0) {
                matcher.remove(List.of(key));
                patterns.remove(key);
            } else {
                Pattern pattern = samples.pattern();
                matcher.put(Map.of(key, pattern));
                patterns.put(key, pattern);
            }
            assertAgreement(patterns, samples.event());
        }
        assertThat(matcher.size()).isEqualTo(patterns.size());
    }

    @Test
    void anEventMatchesExactlyIfEveryConditionOfTheExplanationPassed() {
        RandomSamples samples = new RandomSamples(5);
        for (int i = 0; i < 5_000; i++) {
            Pattern pattern = samples.pattern();
            Event event = samples.event();
            assertThat(matcher.explain(pattern, event).stream().allMatch(ConditionReport::passed))
                    .isEqualTo(PlainEvaluator.matches(pattern.root(), event));
        }
    }

    private int assertAgreement(Map<RuleKey, Pattern> patterns, Event event) {
        List<RuleKey> found = matcher.match(PROFILE, event);
        Set<RuleKey> expected = patterns.entrySet().stream()
                .filter(entry -> PlainEvaluator.matches(entry.getValue().root(), event))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        if (!new HashSet<>(found).equals(expected)) {
            List<RuleKey> different = new ArrayList<>(found);
            different.removeAll(expected);
            expected.stream().filter(key -> !found.contains(key)).forEach(different::add);
            assertThat(different)
                    .as("%s against %s", event, patterns.get(different.get(0)))
                    .isEmpty();
        }
        assertThat(found).doesNotHaveDuplicates();
        return found.size();
    }
}
