package io.helix.bench;

import io.helix.api.event.Event;
import io.helix.api.rule.ConditionReport;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.RuleKey;
import io.helix.drools.DroolsRuleMatcher;
import io.helix.drools.RandomSamples;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The network against the plain evaluator behind {@code explain}, while rules come and go. */
final class PlainSoak {
    private static final String PROFILE = "soak";
    private static final int RULES = 300;
    private static final int EVENTS = 200;

    private final long seed;
    private final RandomSamples samples;
    private final Random random;
    private final DroolsRuleMatcher matcher = new DroolsRuleMatcher();
    private final Map<RuleKey, Pattern> live = new HashMap<>();

    private PlainSoak(long seed) {
        this.seed = seed;
        this.samples = new RandomSamples(seed);
        this.random = new Random(seed);
    }

    /** Returns how many pairs of a rule and an event agreed. */
    static long run(long seed) {
        return new PlainSoak(seed).run();
    }

    private long run() {
        for (int i = 0; i < RULES; i++) {
            live.put(key(i), samples.pattern());
        }
        matcher.put(live);
        long agreed = 0;
        for (int i = 0; i < EVENTS; i++) {
            changeOne();
            agreed += compare(samples.event());
        }
        return agreed;
    }

    private static RuleKey key(int number) {
        return new RuleKey(PROFILE, "r" + number);
    }

    private void changeOne() {
        RuleKey key = key(random.nextInt(RULES));
        if (random.nextBoolean()) {
            live.remove(key);
            matcher.remove(List.of(key));
        } else {
            Pattern pattern = samples.pattern();
            live.put(key, pattern);
            matcher.put(Map.of(key, pattern));
        }
    }

    private long compare(Event event) {
        List<RuleKey> found = matcher.match(PROFILE, event);
        Set<RuleKey> distinct = new HashSet<>(found);
        live.forEach((key, pattern) -> {
            boolean expected = matcher.explain(pattern, event).stream().allMatch(ConditionReport::passed);
            if (distinct.contains(key) != expected) {
                throw RuleSoak.disagreement(seed, "the plain evaluator says " + expected, pattern, event);
            }
        });
        if (distinct.size() != found.size()) {
            throw RuleSoak.disagreement(seed, "a rule is found twice", found, event);
        }
        return live.size();
    }
}
