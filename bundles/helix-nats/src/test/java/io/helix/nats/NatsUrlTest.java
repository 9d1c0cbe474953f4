package io.helix.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.helix.api.Health;
import io.helix.api.event.Channel;
import io.helix.api.event.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A NATS that someone else runs. */
final class NatsUrlTest {
    private static final Duration LONGEST = Duration.ofSeconds(20);

    @Test
    void usesTheNatsOfTheUrl(@TempDir Path theirs, @TempDir Path home) throws Exception {
        NatsServerProcess server = new NatsServerProcess(Servers.settings(theirs));
        server.start();
        NatsServerProcess.Address address = server.address().get(20, TimeUnit.SECONDS);
        NatsEventBus bus = Servers.start(settings(home, address.url(), address.token()));
        try {
            bus.provision("p");
            assertThat(bus.publish(new Message(Channel.JOURNAL, "p", "a", "k", "id", Map.of(), new byte[1]))
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS)
                            .sequence())
                    .isEqualTo(1);
            assertThat(Files.exists(home.resolve("nats"))).isFalse();
        } finally {
            bus.close();
            server.close();
        }
    }

    @Test
    void saysThatTheTokenIsWrongAndShowsNoSecret(@TempDir Path theirs, @TempDir Path home) throws Exception {
        NatsServerProcess server = new NatsServerProcess(Servers.settings(theirs));
        server.start();
        String url = server.address().get(20, TimeUnit.SECONDS).url();
        NatsEventBus bus = new NatsEventBus(settings(home, url, "wrong-secret"));
        try {
            await().atMost(LONGEST)
                    .untilAsserted(() -> assertThat(bus.health()).satisfies(health -> {
                        assertThat(health.state()).isEqualTo(Health.State.DOWN);
                        assertThat(health.detail())
                                .contains("refuses the token")
                                .doesNotContain("wrong-secret");
                    }));
        } finally {
            bus.close();
            server.close();
        }
    }

    @Test
    void keepsTryingWhileNobodyListens(@TempDir Path home) {
        NatsEventBus bus = new NatsEventBus(settings(home, "nats://user:secret@127.0.0.1:1", ""));
        try {
            await().atMost(LONGEST).until(() -> bus.health().detail().contains("cannot be reached"));
            assertThat(bus.health().state()).isEqualTo(Health.State.STARTING);
            assertThat(bus.health().detail()).contains("nats://127.0.0.1:1").doesNotContain("secret");
        } finally {
            bus.close();
        }
    }

    private static NatsSettings settings(Path home, String url, String token) {
        return new NatsSettings(url, token, "", home, home.resolve("nats"), 64, Duration.ofDays(1), 1L << 30);
    }
}
