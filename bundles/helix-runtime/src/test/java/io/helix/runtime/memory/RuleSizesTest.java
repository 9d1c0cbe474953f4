package io.helix.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.situation.Hit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleSizesTest {
    private final RuleSizes sizes = new RuleSizes(new RuleSizes.Limits(3, 1L << 20));
    private final List<Hit> remembered = new ArrayList<>();

    private Hit hit(int bytes) {
        Remembered event = new Remembered(1, Instant.EPOCH, "e", "/s", new byte[bytes], null);
        Hit hit = new Hit("r", "a", "", Instant.EPOCH, 1, null, event);
        sizes.waits(hit);
        remembered.add(hit);
        return hit;
    }

    private boolean over() {
        return sizes.over("r", () -> remembered);
    }

    @Test
    void moreThatWaitsThanAllowedIsTooMuch() {
        for (int i = 0; i < 3; i++) {
            hit(0);
            assertThat(over()).isFalse();
        }

        hit(0);

        assertThat(over()).isTrue();
        assertThat(sizes.reason()).isEqualTo("it keeps more than 3 events or 1 MiB of them");
    }

    @Test
    void whatHasHadItsTurnDoesNotWait() {
        for (int i = 0; i < 10; i++) {
            sizes.waitsNoMore(hit(0));
            assertThat(over()).isFalse();
        }
    }

    @Test
    void moreBytesThanAllowedAreTooMuch() {
        boolean over = false;
        for (int i = 0; i < 5; i++) {
            sizes.waitsNoMore(hit(600_000));
            over |= over();
        }

        assertThat(over).isTrue();
    }

    @Test
    void bytesThatWereLetGoDoNotCount() {
        for (int i = 0; i < 100; i++) {
            sizes.waitsNoMore(hit(600_000));
            remembered.clear();
            assertThat(over()).isFalse();
        }
    }

    @Test
    void oneRuleDoesNotCountForAnother() {
        for (int i = 0; i < 4; i++) {
            hit(0);
        }

        assertThat(sizes.over("other", List::of)).isFalse();
    }
}
