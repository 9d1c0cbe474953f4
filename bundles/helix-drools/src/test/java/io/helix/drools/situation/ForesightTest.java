package io.helix.drools.situation;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.situation.Hit;
import io.helix.api.situation.Situation;
import io.helix.api.situation.Situation.Sequence;
import io.helix.api.situation.Situation.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForesightTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final WorkingMemory facts = new WorkingMemory(new Collector(100));

    @AfterEach
    void close() {
        facts.close();
    }

    @Test
    void readsTheFirstHitOfASequence() {
        RuleMemory memory = memory(sequence(false, false));
        keep(memory, 0, "here");

        assertThat(isRead(memory, "here")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void readsEachHitOfACombination(int slot) {
        RuleMemory memory = memory(new Situation.All(List.of("0", "1", "2"), MINUTE));
        keep(memory, slot, "here");

        assertThat(isRead(memory, "here")).isTrue();
    }

    @Test
    void readsOnlyWhatHasTheKeyInTheRule() {
        RuleMemory memory = memory(sequence(false, false));
        keep(memory, 0, "here");

        assertThat(isRead(memory, "elsewhere")).isFalse();
        assertThat(isRead(memory(sequence(false, false)), "here")).isFalse();
    }

    @Test
    void readsWhatIsThereWhenASequenceWaitsForItsTick() {
        RuleMemory memory = memory(sequence(false, true));
        keep(memory, 0, "here");
        keep(memory, 1, "here");

        assertThat(isRead(memory, "here")).isTrue();
    }

    @Test
    void readsMoreThanItCanExpectAtOnce() {
        RuleMemory memory = memory(sequence(false, false));
        keep(memory, 0, "here");
        for (int i = 0; i < Foresight.REACH; i++) {
            memory.expect("nowhere");
        }

        assertThat(isRead(memory, "here")).isTrue();
    }

    private boolean isRead(RuleMemory memory, String key) {
        long before = memory.place().foresight().sum();
        memory.expect(key);
        facts.foresee();
        return memory.place().foresight().sum() != before;
    }

    private RuleMemory memory(Situation situation) {
        JoinPlan plan = (JoinPlan) Plan.of(situation, Duration.ZERO);
        return new RuleMemory(new SituationRule("rule", plan, match -> true), facts.place(plan.shape()));
    }

    private static Sequence sequence(boolean... absent) {
        List<Step> steps = IntStream.range(0, absent.length)
                .mapToObj(slot -> new Step(String.valueOf(slot), absent[slot], null))
                .toList();
        return new Sequence(steps, MINUTE);
    }

    private void keep(RuleMemory memory, int slot, String key) {
        Hit hit = new Hit("rule", String.valueOf(slot), key, Instant.EPOCH, 7, null, null);
        HitFact fact = new HitFact(memory, hit, slot, 0, slot);
        facts.insert(fact);
        memory.keep(fact);
        facts.fire();
    }
}
