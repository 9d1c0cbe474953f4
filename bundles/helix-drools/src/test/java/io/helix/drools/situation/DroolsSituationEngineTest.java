package io.helix.drools.situation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.Health;
import io.helix.api.situation.SituationEngine.Limits;
import io.helix.api.situation.SituationSession;
import org.junit.jupiter.api.Test;

class DroolsSituationEngineTest {
    private final DroolsSituationEngine engine = new DroolsSituationEngine();

    @Test
    void isUpWhenASessionCouldBeOpened() {
        try (SituationSession session = engine.open(2, Limits.DEFAULT)) {
            assertThat(session.retained()).isEmpty();
            assertThat(engine.health().state()).isEqualTo(Health.State.UP);
        }
    }

    @Test
    void refusesASessionWithoutPartitions() {
        assertThatThrownBy(() -> engine.open(0, Limits.DEFAULT)).isInstanceOf(IllegalArgumentException.class);
    }
}
