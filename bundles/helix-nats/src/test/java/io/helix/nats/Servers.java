package io.helix.nats;

import static org.awaitility.Awaitility.await;

import io.helix.api.Health;
import java.nio.file.Path;
import java.time.Duration;

/** Event buses on a real nats-server. */
final class Servers {
    private Servers() {}

    static NatsSettings settings(Path home) {
        return new NatsSettings("", "", "", home, home.resolve("nats"), 1024, Duration.ofDays(7), 1L << 30);
    }

    static NatsEventBus start(NatsSettings settings) {
        NatsEventBus bus = new NatsEventBus(settings);
        await().atMost(Duration.ofSeconds(20)).until(() -> bus.health().state() != Health.State.STARTING);
        if (bus.health().state() != Health.State.UP) {
            bus.close();
            throw new AssertionError(
                    "this test needs a nats-server: " + bus.health().detail());
        }
        return bus;
    }

    static long pid(NatsEventBus bus) {
        return bus.link().server().orElseThrow().processId().orElseThrow();
    }

    static void kill(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }
}
