package io.helix.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.BooleanNode;
import io.helix.api.control.ControlPlane.BackTest;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BackTestsTest {
    private static final String EACH = """
            apiVersion: helix/v1
            kind: Rule
            metadata: {name: each}
            spec:
              match: {type: [a]}
              then: [{recipe: note}]
            """;
    private static final String QUIET = EACH.replace("spec:", "spec:\n  throttle: {mode: once-within, window: 6h}");

    private final World world = new World(Optional.empty());
    private final BackTests backTests =
            new BackTests(world.bus, world.memories, world.clock, new BackTests.Limits(3, 5));
    private Instant noon = Instant.EPOCH;

    @BeforeEach
    void beginAtNoon() {
        noon = world.clock
                .instant()
                .atZone(ZoneOffset.UTC)
                .toLocalDate()
                .plusDays(1)
                .atTime(12, 0)
                .toInstant(ZoneOffset.UTC);
        world.clock.set(noon);
    }

    @AfterEach
    void end() {
        world.close();
    }

    private BackTest run(String candidate, Optional<String> current, Instant from) {
        return backTests.run(World.PROFILE, Rules.one(candidate), current.map(Rules::one), from, world.clock.instant());
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            world.publish("a", "{}");
            world.clock.advance(Duration.ofMillis(10));
        }
    }

    @Test
    void countsFiringsByDay() {
        publish(1);
        world.clock.advance(Duration.ofDays(1));
        publish(2);
        world.clock.advance(Duration.ofDays(2));
        publish(3);

        BackTest test = run(EACH, Optional.empty(), noon);

        LocalDate day = noon.atZone(ZoneOffset.UTC).toLocalDate();
        assertThat(test.candidate().perDay()).isEqualTo(Map.of(day, 1L, day.plusDays(1), 2L, day.plusDays(3), 3L));
        assertThat(test.candidate().fired()).isEqualTo(6);
        assertThat(test.events()).isEqualTo(6);
        assertThat(test.complete()).isTrue();
    }

    @Test
    void whatIsBeforeItsTimeFillsWindowsAndDoesNotCount() {
        publish(2);
        Instant from = world.clock.instant();
        publish(1);

        BackTest test = run(QUIET, Optional.empty(), from);

        assertThat(test.events()).isEqualTo(1);
        assertThat(test.candidate().fired()).isZero();
        assertThat(test.candidate().throttled()).isEqualTo(1);
    }

    @Test
    void saysWhenItsListsDoNotHoldAll() {
        publish(3);
        assertThat(run(EACH, Optional.empty(), noon).cut()).isFalse();

        publish(1);
        BackTest test = run(EACH, Optional.empty(), noon);

        assertThat(test.cut()).isTrue();
        assertThat(test.candidate().firings()).hasSize(3);
        assertThat(test.candidate().fired()).isEqualTo(4);
    }

    @Test
    void doesNotCallGainedWhatItDidNotCompare() {
        publish(2);
        world.send("b", "{}");
        publish(10);
        String wider = EACH.replace("type: [a]", "type: [a, b]");

        BackTest test = run(wider, Optional.of(EACH), noon);

        assertThat(test.cut()).isTrue();
        assertThat(test.gained()).hasSize(1);
        assertThat(test.lost()).isEmpty();
    }

    @Test
    void factsAreThoseOfTheTimeThatIsPlayedAgain() {
        publish(1);
        world.facts.set(World.PROFILE, "armed", BooleanNode.TRUE, "ana");
        publish(2);
        world.facts.set(World.PROFILE, "armed", BooleanNode.FALSE, "ana");
        publish(1);

        BackTest test = run(EACH.replace("spec:", "spec:\n  where: facts.armed == 'true'"), Optional.empty(), noon);

        assertThat(test.candidate().fired()).isEqualTo(2);
    }
}
