package io.helix.runtime.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.runtime.document.RecipeDefinition.Retry;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Retry retry = new Retry(5, Duration.ofMillis(500), Duration.ofSeconds(20), 2, 0.2);

    @Test
    void doublesUpToTheCap() {
        assertThat(Backoff.after(retry, 1, Optional.empty(), 0.5)).isEqualTo(Duration.ofMillis(500));
        assertThat(Backoff.after(retry, 3, Optional.empty(), 0.5)).isEqualTo(Duration.ofSeconds(2));
        assertThat(Backoff.after(retry, 30, Optional.empty(), 0.5)).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void spreadsByTheJitter() {
        assertThat(Backoff.after(retry, 1, Optional.empty(), 0)).isEqualTo(Duration.ofMillis(400));
        assertThat(Backoff.after(retry, 1, Optional.empty(), 1)).isEqualTo(Duration.ofMillis(600));
    }

    @Test
    void honoursWhatTheOtherSideAsksForUpToAnHour() {
        assertThat(Backoff.after(retry, 1, Optional.of(Duration.ofSeconds(90)), 0.5))
                .isEqualTo(Duration.ofSeconds(90));
        assertThat(Backoff.after(retry, 1, Optional.of(Duration.ofDays(2)), 0.5))
                .isEqualTo(Duration.ofHours(1));
        assertThat(Backoff.after(retry, 1, Optional.of(Duration.ofMillis(1)), 0.5))
                .isEqualTo(Duration.ofMillis(500));
    }
}
