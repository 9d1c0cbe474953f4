package io.helix.drools.situation;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.situation.SituationEngine.Limits;
import io.helix.api.situation.SituationSession;
import io.helix.api.situation.SituationSession.Outcome;
import io.helix.drools.situation.RandomRules.Call;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found does not depend on what must not matter. */
class SameOutcomeTest {
    private static final int RULES = 300;
    private static final int CALLS = 25;

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
