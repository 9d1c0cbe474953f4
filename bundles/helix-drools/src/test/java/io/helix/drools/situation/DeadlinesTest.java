package io.helix.drools.situation;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.situation.Hit;
import io.helix.api.situation.SituationEngine.Limits;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final Deadlines deadlines = new Deadlines();

    @Test
    void thoseThatAreDroppedDoNotPileUp() {
        try (WorkingMemory facts = new WorkingMemory(new Collector(Limits.DEFAULT.candidates()))) {
            JoinPlan plan = (JoinPlan) Plan.of(Written.situation("sequence a !b<1000"), Duration.ZERO);
            RuleMemory memory = RuleMemory.barren(plan, facts.place(plan.shape()));
            HitFact kept = add(facts, memory, 0);
            for (int i = 1; i < 10_000; i++) {
                facts.delete(add(facts, memory, i));
                deadlines.drop();
            }
            assertThat(deadlines.size()).isLessThan(5_000);
            assertThat(deadlines.next()).isEqualTo(1_000_000);
            assertThat(deadlines.poll(1_000_000)).isEqualTo(new Deadline.Sequence(kept));
            assertThat(deadlines.poll(Long.MAX_VALUE - 1)).isNull();
        }
    }

    private HitFact add(WorkingMemory facts, RuleMemory memory, int number) {
        Hit hit = Written.event("0a", number).get(0);
        HitFact fact = new HitFact(memory, hit, 0, Instant.EPOCH.toEpochMilli() + number, number);
        facts.insert(fact);
        deadlines.add(new Deadline.Sequence(fact));
        return fact;
    }
}
