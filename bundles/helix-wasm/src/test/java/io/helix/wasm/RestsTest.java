package io.helix.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.event.EventFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RestsTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicLong now = new AtomicLong();
    private final Rests rests = new Rests(now::get);
    private final Owner bad = owner("bad");
    private final Owner good = owner("good");

    private static Owner owner(String agent) {
        return new Owner("default", agent, EventFormat.json().createObjectNode());
    }

    @Test
    void whoWasStoppedRestsAsLongAsItsCallTook() {
        rests.stopped(bad, 3 * MILLI);

        assertThat(rests.left(bad)).isEqualTo(3 * MILLI);
        assertThat(rests.left(good)).isZero();
        now.addAndGet(2 * MILLI);
        assertThat(rests.left(bad)).isEqualTo(MILLI);
        now.addAndGet(2 * MILLI);
        assertThat(rests.left(bad)).isZero();
    }

    @Test
    void whoIsStoppedAgainAndAgainRestsLongerUpToABound() {
        rests.stopped(bad, 3 * MILLI);
        rests.stopped(bad, 3 * MILLI);
        assertThat(rests.left(bad)).isEqualTo(6 * MILLI);

        for (int i = 0; i < 1_000; i++) {
            rests.stopped(bad, 3 * MILLI);
        }
        assertThat(rests.left(bad)).isEqualTo(Rests.LONGEST.toNanos());
        rests.stopped(good, TimeUnit.DAYS.toNanos(300));
        assertThat(rests.left(good)).isEqualTo(Rests.LONGEST.toNanos());
    }

    @Test
    void aCallThatEndsByItselfMakesUpForThoseBefore() {
        rests.stopped(bad, 3 * MILLI);
        rests.stopped(bad, 3 * MILLI);
        rests.ended(bad);
        assertThat(rests.left(bad)).isZero();

        rests.stopped(bad, 3 * MILLI);
        assertThat(rests.left(bad)).isEqualTo(3 * MILLI);
    }

    @Test
    void manyOwnersAreNotRememberedForEver() {
        for (int i = 0; i < 5_000; i++) {
            rests.stopped(owner("a" + i), MILLI);
        }
        assertThat(rests.left(owner("a0"))).isZero();
        assertThat(rests.left(owner("a4999"))).isEqualTo(MILLI);
    }

    @Test
    void anAgentRestsWhateverTheConfigurationOfACallIs() {
        rests.stopped(bad, 3 * MILLI);

        assertThat(rests.left(new Owner(
                        "default", "bad", EventFormat.json().createObjectNode().put("event", "e2"))))
                .isEqualTo(3 * MILLI);
    }
}
