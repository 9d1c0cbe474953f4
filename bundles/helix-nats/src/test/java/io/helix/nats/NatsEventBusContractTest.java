package io.helix.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.event.Channel;
import io.helix.api.event.Disposition;
import io.helix.api.event.EventBus;
import io.helix.api.event.Message;
import io.helix.api.event.Receipt;
import io.helix.sdk.testing.bus.EventBusContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NatsEventBusContractTest extends EventBusContract {
    @TempDir
    static Path home;

    private static @Nullable NatsEventBus bus;

    @BeforeAll
    static void start() {
        bus = Servers.start(Servers.settings(home));
    }

    @AfterAll
    static void stop() {
        if (bus != null) {
            bus.close();
        }
    }

    @Override
    protected EventBus bus() {
        if (bus == null) {
            throw new AssertionError("not started");
        }
        return bus;
    }

    @Test
    void deliversAgainAfterAckWaitUnlessInProgress() {
        publish(message(Channel.TRIGGERS, "slow", "kept"));
        publish(message(Channel.TRIGGERS, "slow", "silent"));
        var seen = new ConcurrentLinkedQueue<String>();
        var options = new EventBus.ConsumerOptions(8, 9, Duration.ofSeconds(3));
        try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
            consume(Channel.TRIGGERS, "runs", options, delivery -> {
                seen.add(delivery.message().id() + delivery.attempt());
                var disposition = new CompletableFuture<Disposition>();
                if (delivery.message().id().equals("kept")) {
                    timer.scheduleAtFixedRate(delivery::inProgress, 200, 200, TimeUnit.MILLISECONDS);
                } else if (delivery.attempt() > 1) {
                    disposition.complete(Disposition.ACKNOWLEDGE);
                }
                return disposition;
            });
            await().atMost(Duration.ofSeconds(30)).until(() -> seen.contains("silent2"));
            await().during(Duration.ofSeconds(4)).atMost(Duration.ofSeconds(30)).until(() -> !seen.contains("kept2"));
            timer.shutdownNow();
        }
        assertThat(seen).contains("kept1", "silent1", "silent2");
    }

    @Test
    void refusesWhatTheMeshCannotCarry() {
        assertThat(failure(new Message(Channel.EVENTS, profile, "a b", "k", "id", Map.of(), new byte[0])))
                .isEqualTo(ErrorKind.INVALID);
        assertThat(failure(new Message(Channel.EVENTS, "Upper", "a", "k", "id", Map.of(), new byte[0])))
                .isEqualTo(ErrorKind.INVALID);
        assertThat(failure(new Message(Channel.EVENTS, profile, "a", "k", "id", Map.of(), new byte[3 << 20])))
                .isEqualTo(ErrorKind.INVALID);
        assertThat(failure(new Message(Channel.EVENTS, profile, "a", "k", "id", Map.of("X", "a\nb"), new byte[0])))
                .isEqualTo(ErrorKind.INVALID);
    }

    @Test
    void boundsTheMessagesInFlight(@TempDir Path other) {
        NatsSettings wide = Servers.settings(other);
        NatsEventBus narrow = Servers.start(
                new NatsSettings("", "", "", other, wide.directory(), 4, wide.eventsMaxAge(), wide.eventsMaxBytes()));
        try {
            narrow.provision("p");
            List<CompletionStage<Receipt>> all = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                all.add(narrow.publish(new Message(Channel.EVENTS, "p", "a", "k", "id" + i, Map.of(), new byte[10])));
            }
            long refused = all.stream()
                    .map(NatsEventBusContractTest::kind)
                    .filter(ErrorKind.UNAVAILABLE::equals)
                    .count();
            assertThat(refused).isPositive();
            assertThat(narrow.lastSequence(Channel.EVENTS, "p")).isEqualTo(500 - refused);
            await().atMost(Duration.ofSeconds(5)).until(narrow::accepting);
        } finally {
            narrow.close();
        }
    }

    private @Nullable ErrorKind failure(Message message) {
        return kind(bus().publish(message));
    }

    private static @Nullable ErrorKind kind(CompletionStage<Receipt> stage) {
        return stage.handle((receipt, e) -> e instanceof HelixException known ? known.kind() : null)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
