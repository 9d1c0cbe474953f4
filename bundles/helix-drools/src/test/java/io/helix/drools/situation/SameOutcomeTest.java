package io.helix.drools.situation;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import io.helix.api.situation.Situation.Sequence;
import io.helix.api.situation.Situation.Step;
import io.helix.api.situation.SituationEngine.Limits;
import io.helix.api.situation.SituationSession;
import io.helix.api.situation.SituationSession.Outcome;
import io.helix.drools.situation.RandomRules.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found does not depend on what must not matter. */
class SameOutcomeTest {
    private static final int RULES = 300;
    private static final int CALLS = 25;
    private static final List<String> RULE_NAMES = List.of("one", "two", "three");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whenTheSameIsDoneTwice(long seed) {
        assertThat(run(seed, 1)).isEqualTo(run(seed, 1));
    }

    @ParameterizedTest
    @CsvSource({"1,2", "2,2", "3,3", "4,3", "5,2", "6,3", "7,5"})
    void withAnyNumberOfPartitions(long seed, int partitions) {
        assertThat(run(seed, partitions)).isEqualTo(run(seed, 1));
    }

    private static List<Outcome> run(long seed, int partitions) {
        RandomRules rules = new RandomRules(seed, RULES, seed % 2 == 0);
        List<Outcome> outcomes = new ArrayList<>();
        try (SituationSession session = open(rules, partitions, new Limits(6, 8))) {
            for (int i = 0; i < CALLS; i++) {
                Call call = rules.call();
                outcomes.add(session.offer(call.hits(), call.until()));
                assertThat(session.retainedCount()).isEqualTo(session.retained().size());
            }
        }
        assertThat(outcomes).anyMatch(outcome -> !outcome.matches().isEmpty());
        assertThat(outcomes).anyMatch(outcome -> !outcome.faults().isEmpty());
        return outcomes;
    }

    /** Only those that come together are read ahead, and only when many are there. */
    @Test
    void whetherHitsComeTogetherOrAlone() {
        List<Hit> hits = openedAndClosed(3 * Foresight.WORTH_READING);
        Instant end = hits.getLast().time();
        try (SituationSession together = pairs();
                SituationSession alone = pairs()) {
            List<Match> matches = new ArrayList<>();
            hits.forEach(
                    hit -> matches.addAll(alone.offer(List.of(hit), hit.time()).matches()));

            assertThat(together.offer(hits, end).matches())
                    .hasSizeGreaterThan(1_000)
                    .isEqualTo(matches);
            assertThat(together.retained())
                    .hasSizeGreaterThan(Foresight.WORTH_READING)
                    .isEqualTo(alone.retained());
        }
    }

    private static SituationSession pairs() {
        SituationSession session = new DroolsSession(1, new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE));
        List<Step> steps = List.of(new Step("opened", false, null), new Step("closed", false, null));
        Duration within = Duration.ofMillis(2L * Foresight.WORTH_READING);
        RULE_NAMES.forEach(rule -> session.put(rule, new Sequence(steps, within), Duration.ZERO, match -> true));
        return session;
    }

    /** One in each millisecond, of which a fifth closes one that may have expired. */
    private static List<Hit> openedAndClosed(int count) {
        Random random = new Random(1);
        List<Hit> hits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean closes = i % 5 == 4;
            int key = closes ? random.nextInt(i) : i;
            String rule = RULE_NAMES.get(key % RULE_NAMES.size());
            Instant time = Instant.EPOCH.plusMillis(i);
            hits.add(new Hit(rule, closes ? "closed" : "opened", "key" + key, time, i, null, null));
        }
        return hits;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void afterWhatWasRetainedIsHandedInAgain(long seed) {
        RandomRules rules = new RandomRules(seed, RULES, seed % 2 == 0);
        Instant clock = Instant.EPOCH;
        try (SituationSession first = open(rules, 1, Limits.DEFAULT);
                SituationSession restored = open(rules, 1 + (int) seed % 3, Limits.DEFAULT)) {
            for (long i = 0; i < seed + 3; i++) {
                Call call = rules.call();
                first.offer(call.hits(), call.until());
                clock = call.until();
            }
            restored.offer(first.retained(), clock);
            for (int i = 0; i < CALLS; i++) {
                assertThat(restored.retained()).isEqualTo(first.retained());
                assertThat(restored.nextDeadline()).isEqualTo(first.nextDeadline());
                Call call = rules.call();
                assertThat(restored.offer(call.hits(), call.until())).isEqualTo(first.offer(call.hits(), call.until()));
            }
        }
    }

    @Test
    void nothingIsLeftWhenTheTimeIsOver() {
        RandomRules rules = new RandomRules(1, RULES, true);
        try (DroolsSession session = (DroolsSession) open(rules, 2, Limits.DEFAULT)) {
            Call call = rules.call();
            for (int i = 0; i < CALLS; i++) {
                session.offer(call.hits(), call.until());
                call = rules.call();
            }
            assertThat(session.factCount()).isGreaterThan(RULES);
            session.offer(List.of(), call.until().plusSeconds(1));
            assertThat(session.retainedCount()).isZero();
            assertThat(session.factCount()).isZero();
            assertThat(session.nextDeadline()).isEmpty();
        }
    }

    private static SituationSession open(RandomRules rules, int partitions, Limits limits) {
        SituationSession session = new DroolsSession(partitions, limits);
        rules.rules().forEach((name, rule) -> session.put(name, rule.situation(), rule.delay(), rule.filter()));
        return session;
    }
}
