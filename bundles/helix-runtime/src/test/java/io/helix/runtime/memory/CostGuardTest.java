package io.helix.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.rule.RuleKey;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CostGuardTest {
    private static final long MILLI = 1_000_000;
    private static final RuleKey RULE = new RuleKey("p", "r");

    private final AtomicLong now = new AtomicLong();
    private final CostGuard guard = new CostGuard(now::get);

    private boolean spends(long millis) {
        long begun = guard.now();
        now.addAndGet(millis * MILLI);
        return guard.exceeds(RULE, guard.since(begun), 1);
    }

    @Test
    void aRuleThatUsesAllTheTimeIsTooMuch() {
        int calls = 0;
        while (!spends(50)) {
            calls++;
            assertThat(calls).isLessThan(200);
        }
        assertThat(calls).isGreaterThan(90);
    }

    @Test
    void aRuleThatWasGivenUpBeginsAnew() {
        while (!spends(200)) {
            now.addAndGet(MILLI);
        }

        assertThat(spends(200)).isFalse();
    }

    @Test
    void oneRuleDoesNotPayForAnother() {
        RuleKey other = new RuleKey("p", "other");
        while (!spends(200)) {
            assertThat(guard.exceeds(other, 30 * MILLI, 1)).isFalse();
        }
    }

    @Test
    void aPauseOfTheMachineIsNotTheFaultOfARule() {
        for (int i = 0; i < 20; i++) {
            assertThat(spends(10_000)).isFalse();
        }
    }

    @Test
    void whatTakesLongerThanAllThatIsSavedUpIsEndless() {
        assertThat(CostGuard.endless(5_000 * MILLI)).isFalse();
        assertThat(CostGuard.endless(5_001 * MILLI)).isTrue();
    }

    @Test
    void aRuleThatUsesLittleIsNot() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(spends(30)).isFalse();
            now.addAndGet(150 * MILLI);
        }
    }

    @Test
    void manyShortEvaluationsAreNot() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(spends(5)).isFalse();
        }
    }

    @Test
    void manyShortEvaluationsThatCameTogetherAreNot() {
        for (int i = 0; i < 10_000; i++) {
            long begun = guard.now();
            now.addAndGet(100 * MILLI);
            assertThat(guard.exceeds(RULE, guard.since(begun), 256)).isFalse();
        }
    }
}
