package io.helix.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.situation.Match;
import io.helix.runtime.document.ThrottleDefinition;
import io.helix.runtime.document.ThrottleDefinition.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThrottlesTest {
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final ThrottleDefinition ONCE_WITHIN = new ThrottleDefinition(Mode.ONCE_WITHIN, WINDOW, 1, true);
    private static final ThrottleDefinition ONCE_AFTER = new ThrottleDefinition(Mode.ONCE_AFTER, WINDOW, 1, true);
    private static final ThrottleDefinition TWICE = new ThrottleDefinition(Mode.AT_MOST, WINDOW, 2, true);

    private final Throttles throttles = new Throttles(new Throttles.Limits(3, 5));

    private boolean admits(ThrottleDefinition throttle, String key, long second) {
        throttles.over(at(second));
        return throttles.admits(throttle, new Match("r", key, at(second), Map.of(), null), at(second));
    }

    private static Instant at(long second) {
        return Instant.EPOCH.plusSeconds(second);
    }

    @Test
    void onceWithinOpensWhenItsWindowIsOver() {
        assertThat(admits(ONCE_WITHIN, "k", 0)).isTrue();
        assertThat(admits(ONCE_WITHIN, "k", 9)).isFalse();
        assertThat(admits(ONCE_WITHIN, "other", 9)).isTrue();
        assertThat(admits(ONCE_WITHIN, "k", 10)).isTrue();
    }

    @Test
    void atMostCountsInAnyWindowAndForEachKey() {
        assertThat(admits(TWICE, "k", 0)).isTrue();
        assertThat(admits(TWICE, "k", 6)).isTrue();
        assertThat(admits(TWICE, "k", 9)).isFalse();
        assertThat(admits(TWICE, "other", 9)).isTrue();
        assertThat(admits(TWICE, "k", 10)).isTrue();
        assertThat(admits(TWICE, "k", 15)).isFalse();
        assertThat(admits(TWICE, "k", 16)).isTrue();
    }

    @Test
    void perRuleThereIsOneForAllKeys() {
        ThrottleDefinition perRule = new ThrottleDefinition(Mode.ONCE_WITHIN, WINDOW, 1, false);

        assertThat(admits(perRule, "k", 0)).isTrue();
        assertThat(admits(perRule, "other", 1)).isFalse();
    }

    @Test
    void onceAfterGivesWhatItCollectedWhenItsTimeHasCome() {
        admits(ONCE_AFTER, "k", 0);
        admits(ONCE_AFTER, "k", 9);

        assertThat(throttles.next()).contains(at(10));
        assertThat(throttles.over(at(9))).isEmpty();
        assertThat(throttles.over(at(10))).singleElement().satisfies(collected -> {
            assertThat(collected.count()).isEqualTo(2);
            assertThat(collected.due()).isEqualTo(at(10));
        });
        assertThat(throttles.next()).isEmpty();
    }

    @Test
    void moreKeysThanAllowedAreTooMany() {
        for (String key : new String[] {"a", "b", "c"}) {
            admits(ONCE_WITHIN, key, 0);
        }
        assertThat(throttles.overfull()).isEmpty();

        admits(ONCE_WITHIN, "d", 1);

        assertThat(throttles.overfull()).containsExactly(Map.entry("r", "its throttle has more than 3 keys at a time"));
        assertThat(throttles.overfull()).isEmpty();
    }

    @Test
    void keysWhoseTimeIsOverDoNotCount() {
        for (int i = 0; i < 20; i++) {
            admits(ONCE_WITHIN, "k" + i, 4L * i);
        }

        assertThat(throttles.overfull()).isEmpty();
    }

    @Test
    void moreMatchesThanAllowedAreTooManyUnderAllKeysTogether() {
        for (int i = 0; i < 5; i++) {
            admits(ONCE_AFTER, i % 2 == 0 ? "a" : "b", 0);
        }
        assertThat(throttles.overfull()).isEmpty();

        admits(ONCE_AFTER, "b", 1);

        assertThat(throttles.overfull())
                .containsExactly(Map.entry("r", "its throttle collects more than 5 matches at a time"));
    }

    @Test
    void matchesThatWereGivenDoNotCount() {
        for (int i = 0; i < 20; i++) {
            admits(ONCE_AFTER, "k", 4L * i);
        }

        assertThat(throttles.overfull()).isEmpty();
    }

    @Test
    void oneDigestListsSoManyAndCountsTheRest() {
        Throttles wide = new Throttles();
        for (int i = 0; i < Throttles.MOST_COLLECTED + 5; i++) {
            wide.admits(ONCE_AFTER, new Match("r", "k", at(0), Map.of(), null), at(0));
        }

        assertThat(wide.over(at(10))).singleElement().satisfies(collected -> {
            assertThat(collected.matches()).hasSize(Throttles.MOST_COLLECTED);
            assertThat(collected.count()).isEqualTo(Throttles.MOST_COLLECTED + 5);
        });
    }

    @Test
    void aRuleThatIsForgottenBeginsAnew() {
        admits(ONCE_WITHIN, "k", 0);
        throttles.remove("r");

        assertThat(admits(ONCE_WITHIN, "k", 1)).isTrue();
    }
}
