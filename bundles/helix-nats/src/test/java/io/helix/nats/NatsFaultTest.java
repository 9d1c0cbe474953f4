package io.helix.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.helix.api.event.Channel;
import io.helix.api.event.Disposition;
import io.helix.api.event.EventBus;
import io.helix.api.event.Message;
import io.helix.api.event.Receipt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server dies three times while messages are published and consumed: none is lost, none is stored twice. */
final class NatsFaultTest {
    private static final Logger LOG = LoggerFactory.getLogger(NatsFaultTest.class);
    private static final int MESSAGES = 4000;
    private static final EventBus.ConsumerOptions OPTIONS = new EventBus.ConsumerOptions(64, 20, Duration.ofSeconds(2));

    private final Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final Queue<String> deliveries = new ConcurrentLinkedQueue<>();
    private final Set<String> consumed = ConcurrentHashMap.newKeySet();
    private final Queue<Long> inOrder = new ConcurrentLinkedQueue<>();

    @Test
    void losesNothingAndDoublesNothingWhenTheServerIsKilled(@TempDir Path home) throws InterruptedException {
        NatsEventBus bus = Servers.start(Servers.settings(home));
        try {
            bus.provision("fault");
            bus.consume(Channel.EVENTS, "fault", "rules", OPTIONS, delivery -> {
                deliveries.add(delivery.message().id());
                consumed.add(delivery.message().id());
                return done();
            });
            bus.consumeInOrder(
                    Channel.EVENTS,
                    "fault",
                    "projection",
                    100,
                    batch -> batch.forEach(message -> inOrder.add(message.sequence())));

            publishWhileKilling(bus);

            await().atMost(Duration.ofSeconds(20)).until(() -> receipts.size() + failures.size() == MESSAGES);
            assertThat(failures).isEmpty();
            assertThat(bus.lastSequence(Channel.EVENTS, "fault")).isEqualTo(MESSAGES);
            assertThat(receipts.stream().map(Receipt::sequence).distinct()).hasSize(MESSAGES);
            await().atMost(Duration.ofSeconds(20)).until(() -> consumed.size() == MESSAGES);
            await().atMost(Duration.ofSeconds(20)).until(() -> inOrder.size() >= MESSAGES);
            assertThat(inOrder)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, MESSAGES).boxed().toList());
            LOG.info(
                    "{} stored, {} duplicate acks, {} redelivered",
                    MESSAGES,
                    duplicates(),
                    deliveries.size() - MESSAGES);
        } finally {
            bus.close();
        }
    }

    private void publishWhileKilling(NatsEventBus bus) throws InterruptedException {
        Semaphore inFlight = new Semaphore(256);
        for (int i = 0; i < MESSAGES; i++) {
            if (i % 1000 == 500 && i < 3000) {
                kill(bus);
            }
            inFlight.acquire();
            publish(bus, i).whenComplete((receipt, failure) -> {
                if (failure == null) {
                    receipts.add(receipt);
                } else {
                    failures.add(failure);
                }
                inFlight.release();
            });
        }
    }

    /** With messages in flight, and only a server that works again: else there would be fewer faults than kills. */
    private void kill(NatsEventBus bus) {
        await().atMost(Duration.ofSeconds(10)).until(() -> bus.link().line().isPresent());
        Servers.kill(Servers.pid(bus));
    }

    private static CompletionStage<Receipt> publish(EventBus bus, int i) {
        return bus.publish(new Message(
                Channel.EVENTS,
                "fault",
                "type.a",
                "key" + i % 50,
                "source/" + i,
                Map.of(),
                ("{\"i\":" + i + "}").getBytes(UTF_8)));
    }

    private long duplicates() {
        return receipts.stream().filter(Receipt::duplicate).count();
    }

    private static CompletionStage<Disposition> done() {
        return CompletableFuture.completedFuture(Disposition.ACKNOWLEDGE);
    }

    @Test
    void keepsMessagesOverARestart(@TempDir Path home) {
        NatsSettings settings = Servers.settings(home);
        NatsEventBus first = Servers.start(settings);
        first.provision("p");
        IntStream.range(0, 10)
                .forEach(i -> first.publish(
                                new Message(Channel.TRIGGERS, "p", "recipe", "k", "t" + i, Map.of(), new byte[1]))
                        .toCompletableFuture()
                        .orTimeout(10, TimeUnit.SECONDS)
                        .join());
        long pid = Servers.pid(first);
        first.close();
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();

        NatsEventBus second = Servers.start(settings);
        try {
            second.provision("p");
            assertThat(second.lastSequence(Channel.TRIGGERS, "p")).isEqualTo(10);
            assertThat(second.find(Channel.TRIGGERS, "p", 10)).isPresent();
        } finally {
            second.close();
        }
    }
}
