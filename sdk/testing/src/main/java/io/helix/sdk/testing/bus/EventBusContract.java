package io.helix.sdk.testing.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.event.Channel;
import io.helix.api.event.DeadLetter;
import io.helix.api.event.Delivery;
import io.helix.api.event.Disposition;
import io.helix.api.event.EventBus;
import io.helix.api.event.EventBus.ConsumerOptions;
import io.helix.api.event.EventBus.Subscription;
import io.helix.api.event.Message;
import io.helix.api.event.Receipt;
import io.helix.api.event.StoredMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link EventBus} does. Each test has a profile of its own, so that the bus may be shared. */
public abstract class EventBusContract {
    protected static final ConsumerOptions OPTIONS = new ConsumerOptions(8, 3, Duration.ofSeconds(30));
    private static final AtomicInteger PROFILES = new AtomicInteger();
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final List<Subscription> subscriptions = new ArrayList<>();
    protected final String profile = "contract-" + PROFILES.incrementAndGet();

    /** A running bus on which waits of {@link Disposition.Retry} are real. */
    protected abstract EventBus bus();

    @BeforeEach
    final void provision() {
        bus().provision(profile);
    }

    @AfterEach
    final void end() {
        subscriptions.forEach(Subscription::close);
        bus().remove(profile);
    }

    @Test
    void deliversWhatWasPublished() {
        var received = new ConcurrentLinkedQueue<Delivery>();
        consume(Channel.EVENTS, "all", OPTIONS, delivery -> {
            received.add(delivery);
            return done(Disposition.ACKNOWLEDGE);
        });
        Instant before = Instant.now().minusSeconds(5);
        Receipt receipt = publish(new Message(
                Channel.EVENTS,
                profile,
                "github.issues.opened",
                "key",
                "id-1",
                Map.of("X-One", "1"),
                "body".getBytes(UTF_8)));

        await().atMost(LONGEST).until(() -> received.size() == 1);
        Delivery delivery = received.element();
        StoredMessage message = delivery.message();
        assertThat(delivery.attempt()).isEqualTo(1);
        assertThat(delivery.last()).isFalse();
        assertThat(message.channel()).isEqualTo(Channel.EVENTS);
        assertThat(message.profile()).isEqualTo(profile);
        assertThat(message.route()).isEqualTo("github.issues.opened");
        assertThat(message.id()).isEqualTo("id-1");
        assertThat(message.sequence()).isEqualTo(receipt.sequence()).isEqualTo(1);
        assertThat(message.headers()).containsEntry("X-One", "1");
        assertThat(new String(message.body(), UTF_8)).isEqualTo("body");
        assertThat(message.stored()).isBetween(before, Instant.now().plusSeconds(5));
    }

    @Test
    void storesTheSameIdOnceInEachChannel() {
        Receipt first = publish(message(Channel.EVENTS, "a", "same"));
        Receipt second = publish(message(Channel.EVENTS, "a", "same"));
        Receipt elsewhere = publish(message(Channel.TRIGGERS, "a", "same"));

        assertThat(first.duplicate()).isFalse();
        assertThat(second).isEqualTo(new Receipt(first.sequence(), true));
        assertThat(elsewhere.duplicate()).isFalse();
        assertThat(bus().lastSequence(Channel.EVENTS, profile)).isEqualTo(1);
    }

    @Test
    void retriesNotBeforeTheWaitIsOver() {
        publish(message(Channel.TRIGGERS, "recipe", "t1"));
        var times = new ConcurrentLinkedQueue<Long>();
        var attempts = new ConcurrentLinkedQueue<Integer>();
        consume(Channel.TRIGGERS, "runs", OPTIONS, delivery -> {
            times.add(System.nanoTime());
            attempts.add(delivery.attempt());
            return done(
                    delivery.attempt() == 1
                            ? new Disposition.Retry(Duration.ofMillis(300), "busy")
                            : Disposition.ACKNOWLEDGE);
        });

        await().atMost(LONGEST).until(() -> attempts.size() == 2);
        assertThat(attempts).containsExactly(1, 2);
        assertThat(times.stream().toList().getLast() - times.element()).isGreaterThan(290_000_000L);
        assertThat(bus().newest(Channel.DEAD_LETTERS, profile, null, 10)).isEmpty();
    }

    @Test
    void buriesAfterTheLastAttempt() {
        var lasts = new ConcurrentLinkedQueue<Boolean>();
        consume(Channel.EVENTS, "rules", OPTIONS, delivery -> {
            lasts.add(delivery.last());
            return done(new Disposition.Retry(Duration.ofMillis(20), "still away"));
        });
        publish(message(Channel.EVENTS, "x.y", "e1"));

        StoredMessage dead = onlyDeadLetter();
        assertThat(lasts).containsExactly(false, false, true);
        assertThat(dead.route()).isEqualTo("x.y");
        assertThat(new String(dead.body(), UTF_8)).isEqualTo("body of e1");
        assertThat(dead.headers())
                .containsEntry(DeadLetter.REASON, "still away")
                .containsEntry(DeadLetter.CHANNEL, "EVENTS")
                .containsEntry(DeadLetter.SEQUENCE, "1")
                .containsEntry(DeadLetter.ATTEMPTS, "3")
                .containsEntry(DeadLetter.ORIGINAL_ID, "e1");
        await().atMost(LONGEST).until(() -> bus().pending(Channel.EVENTS, profile, "rules") == 0);
    }

    @Test
    void buriesAtOnceWhatIsRejected() {
        consume(Channel.TRIGGERS, "runs", OPTIONS, delivery -> done(new Disposition.Reject("no such\nrecipe: \u00fc")));
        publish(message(Channel.TRIGGERS, "gone", "t1"));

        assertThat(onlyDeadLetter().headers())
                .containsEntry(DeadLetter.ATTEMPTS, "1")
                .containsEntry(DeadLetter.CHANNEL, "TRIGGERS")
                .hasEntrySatisfying(
                        DeadLetter.REASON, reason -> assertThat(reason).startsWith("no such"));
        await().atMost(LONGEST)
                .until(() -> bus().find(Channel.TRIGGERS, profile, 1).isEmpty());
    }

    @Test
    void buriesForEachConsumerThatRejects() {
        consume(Channel.EVENTS, "one", OPTIONS, delivery -> done(new Disposition.Reject("by one")));
        consume(Channel.EVENTS, "two", OPTIONS, delivery -> done(new Disposition.Reject("by two")));
        publish(message(Channel.EVENTS, "a", "e1"));

        await().atMost(LONGEST)
                .until(() ->
                        bus().newest(Channel.DEAD_LETTERS, profile, null, 9).size() == 2);
    }

    @Test
    void takesAThrowingHandlerAsRetry() {
        publish(message(Channel.TRIGGERS, "a", "thrown"));
        publish(message(Channel.TRIGGERS, "a", "failed"));
        var seen = new ConcurrentLinkedQueue<String>();
        consume(Channel.TRIGGERS, "runs", OPTIONS, delivery -> {
            String id = delivery.message().id();
            seen.add(id + delivery.attempt());
            if (delivery.attempt() > 1) {
                return done(Disposition.ACKNOWLEDGE);
            }
            if (id.equals("thrown")) {
                throw new IllegalStateException("on purpose");
            }
            return CompletableFuture.failedFuture(new IllegalStateException("on purpose"));
        });

        await().atMost(LONGEST).until(() -> seen.size() == 4);
        assertThat(seen).containsExactlyInAnyOrder("thrown1", "failed1", "thrown2", "failed2");
    }

    @Test
    void dropsAnAcknowledgedTriggerButKeepsEvents() {
        consume(Channel.TRIGGERS, "runs", OPTIONS, delivery -> done(Disposition.ACKNOWLEDGE));
        consume(Channel.EVENTS, "rules", OPTIONS, delivery -> done(Disposition.ACKNOWLEDGE));
        publish(message(Channel.TRIGGERS, "a", "t1"));
        publish(message(Channel.EVENTS, "a", "e1"));

        await().atMost(LONGEST)
                .until(() -> bus().find(Channel.TRIGGERS, profile, 1).isEmpty());
        await().atMost(LONGEST).until(() -> bus().pending(Channel.EVENTS, profile, "rules") == 0);
        assertThat(bus().find(Channel.EVENTS, profile, 1)).isPresent();
        assertThat(bus().lastSequence(Channel.TRIGGERS, profile)).isEqualTo(1);
    }

    @Test
    void continuesWhereTheConsumerStopped() {
        publishMany(Channel.EVENTS, 0, 5);
        var first = ids("durable");
        await().atMost(LONGEST).until(() -> first.size() == 5);
        await().atMost(LONGEST).until(() -> bus().pending(Channel.EVENTS, profile, "durable") == 0);
        subscriptions.removeLast().close();
        publishMany(Channel.EVENTS, 5, 8);
        await().atMost(LONGEST).until(() -> bus().pending(Channel.EVENTS, profile, "durable") == 3);

        var second = ids("durable");
        var other = ids("other");
        await().atMost(LONGEST).until(() -> second.size() == 3 && other.size() == 8);
        assertThat(first).containsExactlyInAnyOrder("m0", "m1", "m2", "m3", "m4");
        assertThat(second).containsExactlyInAnyOrder("m5", "m6", "m7");
    }

    @Test
    void handlesNoMoreAtOnceThanAllowed() {
        publishMany(Channel.TRIGGERS, 0, 20);
        var gate = new CountDownLatch(1);
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var handled = new AtomicInteger();
        consume(Channel.TRIGGERS, "runs", new ConsumerOptions(4, 3, Duration.ofSeconds(30)), delivery -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            awaitGate(gate);
            running.decrementAndGet();
            handled.incrementAndGet();
            return done(Disposition.ACKNOWLEDGE);
        });

        await().atMost(LONGEST).until(() -> running.get() == 4);
        assertThat(bus().pending(Channel.TRIGGERS, profile, "runs")).isEqualTo(20);
        gate.countDown();
        await().atMost(LONGEST).until(() -> handled.get() == 20);
        assertThat(most).hasValue(4);
    }

    @Test
    void countsAPlaceAsTakenUntilTheDispositionIsKnown() {
        publishMany(Channel.TRIGGERS, 0, 3);
        var open = new ConcurrentLinkedQueue<CompletableFuture<Disposition>>();
        consume(Channel.TRIGGERS, "runs", new ConsumerOptions(2, 3, Duration.ofSeconds(30)), delivery -> {
            delivery.inProgress();
            var disposition = new CompletableFuture<Disposition>();
            open.add(disposition);
            return disposition;
        });

        await().atMost(LONGEST).until(() -> open.size() == 2);
        await().during(Duration.ofMillis(200)).atMost(LONGEST).until(() -> open.size() == 2);
        open.element().complete(Disposition.ACKNOWLEDGE);
        await().atMost(LONGEST).until(() -> open.size() == 3);
        open.forEach(disposition -> disposition.complete(Disposition.ACKNOWLEDGE));
        await().atMost(LONGEST).until(() -> bus().pending(Channel.TRIGGERS, profile, "runs") == 0);
    }

    @Test
    void handsOutInOrderAndAgainWhenTheBatchFails() {
        publishMany(Channel.JOURNAL, 0, 25);
        var seen = new ConcurrentLinkedQueue<Long>();
        var sizes = new ConcurrentLinkedQueue<Integer>();
        var failures = new AtomicInteger();
        subscriptions.add(bus().consumeInOrder(Channel.JOURNAL, profile, "projection", 10, batch -> {
            sizes.add(batch.size());
            if (batch.getLast().sequence() > 5 && failures.incrementAndGet() <= 2) {
                throw new IllegalStateException("on purpose");
            }
            batch.forEach(message -> seen.add(message.sequence()));
        }));

        await().atMost(LONGEST).until(() -> seen.size() >= 25);
        publishMany(Channel.JOURNAL, 25, 30);
        await().atMost(LONGEST).until(() -> seen.size() >= 30);
        assertThat(seen)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 30).boxed().toList());
        assertThat(sizes).allMatch(size -> size >= 1 && size <= 10);
        assertThat(failures).hasValueGreaterThanOrEqualTo(3);
        await().atMost(LONGEST).until(() -> bus().pending(Channel.JOURNAL, profile, "projection") == 0);
    }

    @Test
    void beginsInOrderWhereItIsTold() {
        publishMany(Channel.EVENTS, 0, 5);
        assertThat(bus().handled(Channel.EVENTS, profile, "later")).isEmpty();
        bus().begin(Channel.EVENTS, profile, "later", 4);
        bus().begin(Channel.EVENTS, profile, "later", 1);
        var seen = new ConcurrentLinkedQueue<Long>();
        subscriptions.add(bus().consumeInOrder(
                        Channel.EVENTS, profile, "later", 10, batch -> batch.forEach(m -> seen.add(m.sequence()))));

        await().untilAsserted(() -> assertThat(seen).containsExactly(4L, 5L));
        await().untilAsserted(() ->
                assertThat(bus().handled(Channel.EVENTS, profile, "later")).hasValue(5));
    }

    @Test
    void forgetsThePlaceOfAConsumer() {
        publishMany(Channel.EVENTS, 0, 1);
        bus().begin(Channel.EVENTS, profile, "later", 1);

        bus().forget(Channel.EVENTS, profile, "later");
        bus().forget(Channel.EVENTS, profile, "later");

        assertThat(bus().handled(Channel.EVENTS, profile, "later")).isEmpty();
    }

    @Test
    void readsASpanInOrderUntilTheReaderHasEnough() {
        publishMany(Channel.EVENTS, 0, 6);
        Instant third = bus().find(Channel.EVENTS, profile, 3).orElseThrow().stored();
        List<Long> seen = new ArrayList<>();

        bus().read(Channel.EVENTS, profile, 2, Instant.EPOCH, 5, batch -> {
            batch.forEach(m -> seen.add(m.sequence()));
            return true;
        });
        assertThat(seen).containsExactly(2L, 3L, 4L, 5L);

        seen.clear();
        bus().read(Channel.EVENTS, profile, 1, third, 100, batch -> {
            batch.forEach(m -> seen.add(m.sequence()));
            return true;
        });
        assertThat(seen).endsWith(3L, 4L, 5L, 6L);

        seen.clear();
        bus().read(Channel.EVENTS, profile, 1, Instant.EPOCH, 6, batch -> {
            seen.add(batch.getFirst().sequence());
            return false;
        });
        assertThat(seen).containsExactly(1L);
        bus().read(Channel.EVENTS, profile, 7, Instant.EPOCH, 6, batch -> {
            throw new AssertionError("nothing to read");
        });
    }

    @Test
    void findsAndPagesFromNewestToOldest() {
        assertThat(bus().newest(Channel.EVENTS, profile, null, 10)).isEmpty();
        assertThat(bus().lastSequence(Channel.EVENTS, profile)).isZero();
        publishMany(Channel.EVENTS, 0, 30);
        LongStream.rangeClosed(8, 24)
                .forEach(sequence -> assertThat(bus().delete(Channel.EVENTS, profile, sequence))
                        .isTrue());

        assertThat(bus().delete(Channel.EVENTS, profile, 10)).isFalse();
        assertThat(bus().find(Channel.EVENTS, profile, 10)).isEmpty();
        assertThat(bus().find(Channel.EVENTS, profile, 99)).isEmpty();
        assertThat(bus().find(Channel.EVENTS, profile, 7).map(StoredMessage::id))
                .contains("m6");
        assertThat(newest(null, 4)).containsExactly(30L, 29L, 28L, 27L);
        assertThat(newest(27L, 4)).containsExactly(26L, 25L, 7L, 6L);
        assertThat(newest(6L, 40)).containsExactly(5L, 4L, 3L, 2L, 1L);
        assertThat(newest(1L, 4)).isEmpty();
        assertThat(newest(1000L, 1)).containsExactly(30L);
    }

    @Test
    void countsWhatWaitsForAConsumer() {
        publishMany(Channel.TRIGGERS, 0, 3);
        assertThat(bus().pending(Channel.TRIGGERS, profile, "nobody")).isZero();
        consume(Channel.TRIGGERS, "runs", OPTIONS, delivery -> new CompletableFuture<>());
        await().atMost(LONGEST).until(() -> bus().pending(Channel.TRIGGERS, profile, "runs") == 3);
    }

    @Test
    void knowsOnlyProvisionedProfiles() {
        assertThat(bus().accepting()).isTrue();
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> bus().publish(
                                new Message(Channel.EVENTS, "unheard-of", "a", "k", "id", Map.of(), new byte[0]))
                        .toCompletableFuture()
                        .join())
                .havingCause()
                .isInstanceOfSatisfying(
                        HelixException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
        assertThatExceptionOfType(HelixException.class)
                .isThrownBy(() -> bus().newest(Channel.EVENTS, "unheard-of", null, 1))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
    }

    @Test
    void provisionsTwiceAndForgetsWhatIsRemoved() {
        publish(message(Channel.EVENTS, "a", "e1"));
        bus().provision(profile);
        assertThat(bus().find(Channel.EVENTS, profile, 1)).isPresent();
        bus().remove(profile);
        bus().remove(profile);
        bus().provision(profile);
        assertThat(bus().lastSequence(Channel.EVENTS, profile)).isZero();
        assertThat(publish(message(Channel.EVENTS, "a", "e1"))).isEqualTo(new Receipt(1, false));
    }

    protected final Message message(Channel channel, String route, String id) {
        return new Message(channel, profile, route, id, id, Map.of(), ("body of " + id).getBytes(UTF_8));
    }

    protected final Receipt publish(Message message) {
        return bus().publish(message)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    protected final Subscription consume(
            Channel channel,
            String name,
            ConsumerOptions options,
            Function<Delivery, CompletionStage<Disposition>> handler) {
        Subscription subscription = bus().consume(channel, profile, name, options, handler);
        subscriptions.add(subscription);
        return subscription;
    }

    protected static CompletionStage<Disposition> done(Disposition disposition) {
        return CompletableFuture.completedFuture(disposition);
    }

    private void publishMany(Channel channel, int from, int to) {
        IntStream.range(from, to).forEach(i -> publish(message(channel, "route", "m" + i)));
    }

    private ConcurrentLinkedQueue<String> ids(String name) {
        var ids = new ConcurrentLinkedQueue<String>();
        consume(Channel.EVENTS, name, OPTIONS, delivery -> {
            ids.add(delivery.message().id());
            return done(Disposition.ACKNOWLEDGE);
        });
        return ids;
    }

    private List<Long> newest(@Nullable Long before, int limit) {
        return bus().newest(Channel.EVENTS, profile, before, limit).stream()
                .map(StoredMessage::sequence)
                .toList();
    }

    private StoredMessage onlyDeadLetter() {
        await().atMost(LONGEST)
                .until(() ->
                        !bus().newest(Channel.DEAD_LETTERS, profile, null, 9).isEmpty());
        List<StoredMessage> all = bus().newest(Channel.DEAD_LETTERS, profile, null, 9);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private static void awaitGate(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
