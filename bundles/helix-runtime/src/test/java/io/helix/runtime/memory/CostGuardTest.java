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
