package io.helix.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.recipe.Trigger;
import io.helix.runtime.document.RuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every rule of the scenarios at once, random events, one by one or many together, and a server that is stopped and killed at
 * random: what is triggered is the same as without, to the letter.
 */
class RestartPropertyTest {
    private static final List<String> TYPES = List.of(
            "order",
            "placed",
            "paid",
            "knock",
            "a",
            "b",
            "c",
            "door",
            "beat",
            "asked",
            "approved",
            "shipped",
            "maintenance",
            "down",
            "smoke",
            "heat",
            "login.failed",
            "reading",
            "login",
            "n",
            "pushed",
            "alarm",
            "started",
            "stopped",
            "trial",
            "bought");
    private static final int EVENTS = 250;

    private enum Trouble {
        NONE,
        STOP,
        KILL,
        LOSE_CHECKPOINT
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aRestartChangesNothing(long seed, @org.junit.jupiter.api.io.TempDir Path home) throws IOException {
        List<String> undisturbed = play(seed, Optional.empty(), false);
        List<String> disturbed = play(seed, Optional.of(home), true);

        assertThat(undisturbed).hasSizeGreaterThan(40);
        assertThat(disturbed).isEqualTo(undisturbed);
    }

    private static List<String> play(long seed, Optional<Path> home, boolean troubled) throws IOException {
        try (World world = new World(home)) {
            for (RuleDefinition rule : Rules.scenarios()) {
                world.catalog.put(rule);
            }
            world.memories.reconcile(World.PROFILE);
            Random events = new Random(seed);
            Random troubles = new Random(-seed);
            for (int i = 0; i < EVENTS; i++) {
                int together = events.nextInt(8) == 0 ? 1 + events.nextInt(12) : 1;
                for (int j = 0; j < together; j++) {
                    world.send(TYPES.get(events.nextInt(TYPES.size())), data(events));
                    if (!troubled) {
                        world.bus.awaitQuiescence();
                    }
                }
                world.bus.awaitQuiescence();
                if (troubled) {
                    trouble(world, home, troubles);
                }
                world.pass(Duration.ofMillis(events.nextInt(4) == 0 ? events.nextInt(600_000) : events.nextInt(5_000)));
            }
            world.pass(Duration.ofDays(8));
            return world.triggers().stream().map(Trigger::id).sorted().toList();
        }
    }

    private static void trouble(World world, Optional<Path> home, Random random) throws IOException {
        switch (Trouble.values()[random.nextInt(20) % 4 * (random.nextInt(5) / 4)]) {
            case NONE -> {}
            case STOP -> {
                world.stop();
                world.start();
            }
            case KILL -> {
                world.kill();
                world.start();
            }
            case LOSE_CHECKPOINT -> {
                world.kill();
                Files.deleteIfExists(home.orElseThrow().resolve("memory/default.checkpoint"));
                world.start();
            }
        }
    }

    private static String data(Random random) {
        int id = random.nextInt(3);
        return """
                {"id": %d, "door": %d, "host": "h%d", "user": "u%d", "account": %d, "sensor": "s%d", "repo": "r%d",
                 "n": %d, "state": "%s", "battery": %d, "amount": %d, "degrees": %d}""".formatted(
                        id,
                        id,
                        random.nextInt(3),
                        id,
                        id,
                        id,
                        id,
                        random.nextInt(3) * 60,
                        List.of("open", "closed").get(random.nextInt(2)),
                        random.nextInt(20),
                        random.nextInt(200),
                        random.nextInt(100));
    }
}
