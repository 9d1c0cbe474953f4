package io.helix.sdk.testing.bus;

import io.helix.api.HelixException;
import io.helix.api.event.Channel;
import io.helix.api.event.DeadLetter;
import io.helix.api.event.Delivery;
import io.helix.api.event.Disposition;
import io.helix.api.event.EventBus;
import io.helix.api.event.Message;
import io.helix.api.event.Receipt;
import io.helix.api.event.StoredMessage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event bus for unit tests. Messages are handed out in order of their sequence; with a concurrency of 1 everything
 * is deterministic. {@link #awaitQuiescence} replaces sleeping. It forgets nothing while it lives: deduplication has
 * no window, and {@code ackWait} no effect.
 */
public final class InMemoryEventBus implements EventBus, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InMemoryEventBus.class);
    private static final Duration FAILED_BATCH_WAIT = Duration.ofMillis(5);
    private static final int READ_BATCH = 100;
    private static final Duration BACKOFF = Duration.ofSeconds(1);

    private record Place(Channel channel, String profile, String name) {}

    private record Stream(Channel channel, String profile) {}

    private final Object lock = new Object();
    private final Clock clock;
    private final Duration longestWait;
    private final Map<Stream, MemoryLog> logs = new HashMap<>();
    private final Map<Place, MemoryConsumer> consumers = new HashMap<>();
    private final Set<String> profiles = new HashSet<>();
    private boolean full;

    /** Hands out again at once what is to be retried. */
    public InMemoryEventBus() {
        this(Clock.systemUTC(), Duration.ZERO);
    }

    /**
     * @param clock tells when a message was stored
     * @param longestWait a {@link Disposition.Retry} that asks for more waits only so long
     */
    public InMemoryEventBus(Clock clock, Duration longestWait) {
        this.clock = clock;
        this.longestWait = longestWait;
    }

    /** While true, every publish fails as if the window or the channel were full. */
    public void setFull(boolean full) {
        synchronized (lock) {
            this.full = full;
        }
    }

    /** All messages kept in a channel, oldest first. */
    public List<StoredMessage> messages(Channel channel, String profile) {
        synchronized (lock) {
            List<StoredMessage> all = new ArrayList<>();
            log(channel, profile).from(1).forEach(all::add);
            return all;
        }
    }

    /** Waits until no running consumer has anything pending; an AssertionError after ten seconds. */
    public void awaitQuiescence() {
        awaitQuiescence(Duration.ofSeconds(10));
    }

    /** Waits until no running consumer has anything pending; an AssertionError when that takes longer. */
    public void awaitQuiescence(Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        synchronized (lock) {
            while (!busy().isEmpty()) {
                long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (millis <= 0) {
                    throw new AssertionError("after " + longest + " these consumers still have work: " + busy());
                }
                waitFor(millis);
            }
        }
    }

    private void waitFor(long millis) {
        try {
            lock.wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for quiescence", e);
        }
    }

    private List<String> busy() {
        return consumers.entrySet().stream()
                .filter(entry ->
                        entry.getValue().subscribed() && entry.getValue().pending() > 0)
                .map(entry -> entry.getKey() + ": " + entry.getValue().pending())
                .toList();
    }

    @Override
    public void provision(String profile) {
        synchronized (lock) {
            profiles.add(profile);
        }
    }

    @Override
    public void remove(String profile) {
        synchronized (lock) {
            profiles.remove(profile);
            logs.keySet().removeIf(stream -> stream.profile().equals(profile));
            consumers.keySet().removeIf(place -> place.profile().equals(profile));
            lock.notifyAll();
        }
    }

    @Override
    public CompletionStage<Receipt> publish(Message message) {
        try {
            return CompletableFuture.completedFuture(store(message));
        } catch (HelixException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Receipt store(Message message) {
        synchronized (lock) {
            if (full) {
                throw HelixException.unavailable("channel " + message.channel() + " of profile '" + message.profile()
                        + "' is full; retry later");
            }
            return append(message);
        }
    }

    private Receipt append(Message message) {
        Receipt receipt = log(message.channel(), message.profile()).append(message, clock.instant());
        pumpAll();
        return receipt;
    }

    @Override
    public boolean accepting() {
        synchronized (lock) {
            return !full;
        }
    }

    @Override
    public Subscription consume(
            Channel channel,
            String profile,
            String name,
            ConsumerOptions options,
            Function<Delivery, CompletionStage<Disposition>> handler) {
        Place place = new Place(channel, profile, name);
        return subscribe(
                place,
                new MemoryConsumer.Work(
                        options.concurrency(), 1, false, batch -> handOut(place, options, handler, batch.getFirst())));
    }

    @Override
    public Subscription consumeInOrder(
            Channel channel, String profile, String name, int maxBatch, Consumer<List<StoredMessage>> handler) {
        Place place = new Place(channel, profile, name);
        return subscribe(
                place, new MemoryConsumer.Work(1, maxBatch, true, batch -> handOutInOrder(place, handler, batch)));
    }

    private Subscription subscribe(Place place, MemoryConsumer.Work work) {
        synchronized (lock) {
            MemoryLog log = log(place.channel(), place.profile());
            MemoryConsumer consumer = consumers.computeIfAbsent(place, key -> new MemoryConsumer(log, 1));
            consumer.subscribe(work);
            pumpAll();
            return () -> unsubscribe(consumer, work);
        }
    }

    private void unsubscribe(MemoryConsumer consumer, MemoryConsumer.Work work) {
        synchronized (lock) {
            consumer.unsubscribe(work);
            lock.notifyAll();
        }
    }

    private void handOut(
            Place place,
            ConsumerOptions options,
            Function<Delivery, CompletionStage<Disposition>> handler,
            StoredMessage message) {
        int attempt;
        synchronized (lock) {
            MemoryConsumer consumer = consumers.get(place);
            if (consumer == null) {
                return;
            }
            attempt = consumer.attempt(message.sequence());
        }
        boolean last = attempt >= options.maxAttempts();
        CompletionStage<Disposition> disposition;
        try {
            disposition = handler.apply(new MemoryDelivery(message, attempt, last));
        } catch (RuntimeException e) {
            disposition = CompletableFuture.failedFuture(e);
        }
        disposition.whenComplete((result, failure) -> settle(
                place,
                new MemoryDelivery(message, attempt, last),
                failure == null ? result : new Disposition.Retry(BACKOFF, String.valueOf(failure.getMessage()))));
    }

    private void settle(Place place, MemoryDelivery delivery, Disposition disposition) {
        synchronized (lock) {
            MemoryConsumer consumer = consumers.get(place);
            if (consumer == null) {
                return;
            }
            switch (disposition) {
                case Disposition.Acknowledge() -> drop(place, consumer, delivery.message());
                case Disposition.Reject(String reason) -> bury(place, consumer, delivery, reason);
                case Disposition.Retry(Duration after, String reason) -> {
                    if (delivery.last()) {
                        bury(place, consumer, delivery, reason);
                    } else {
                        later(consumer, List.of(delivery.message()), shorter(after));
                    }
                }
            }
            consumer.workEnded();
            pumpAll();
        }
    }

    private void drop(Place place, MemoryConsumer consumer, StoredMessage message) {
        consumer.settled(message.sequence());
        if (place.channel() == Channel.TRIGGERS) {
            consumer.log.remove(message.sequence());
        }
    }

    private void bury(Place place, MemoryConsumer consumer, MemoryDelivery delivery, String reason) {
        if (place.channel() != Channel.DEAD_LETTERS) {
            append(deadLetter(place, delivery, reason));
        }
        drop(place, consumer, delivery.message());
    }

    private static Message deadLetter(Place place, MemoryDelivery delivery, String reason) {
        StoredMessage message = delivery.message();
        Map<String, String> headers = new HashMap<>(message.headers());
        headers.put(DeadLetter.REASON, reason);
        headers.put(DeadLetter.CHANNEL, message.channel().name());
        headers.put(DeadLetter.SEQUENCE, Long.toString(message.sequence()));
        headers.put(DeadLetter.ATTEMPTS, Integer.toString(delivery.attempt()));
        headers.put(DeadLetter.ORIGINAL_ID, message.id());
        String id = "dlq-" + message.channel() + "-" + place.name() + "-" + message.sequence();
        return new Message(
                Channel.DEAD_LETTERS, message.profile(), message.route(), message.route(), id, headers, message.body());
    }

    private void handOutInOrder(Place place, Consumer<List<StoredMessage>> handler, List<StoredMessage> batch) {
        boolean done = false;
        try {
            handler.accept(batch);
            done = true;
        } catch (RuntimeException e) {
            LOG.info("consumer {} failed on a batch of {}: {}", place, batch.size(), e.toString());
        } finally {
            settleBatch(place, batch, done);
        }
    }

    private void settleBatch(Place place, List<StoredMessage> batch, boolean done) {
        synchronized (lock) {
            MemoryConsumer consumer = consumers.get(place);
            if (consumer == null) {
                return;
            }
            if (done) {
                batch.forEach(message -> drop(place, consumer, message));
            } else {
                later(consumer, batch, FAILED_BATCH_WAIT);
            }
            consumer.workEnded();
            pumpAll();
        }
    }

    private Duration shorter(Duration wanted) {
        return wanted.compareTo(longestWait) < 0 ? wanted : longestWait;
    }

    private void later(MemoryConsumer consumer, List<StoredMessage> messages, Duration wait) {
        messages.forEach(message -> consumer.postpone(message.sequence()));
        if (wait.isZero()) {
            again(consumer, messages);
        } else {
            CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS)
                    .execute(() -> again(consumer, messages));
        }
    }

    private void again(MemoryConsumer consumer, List<StoredMessage> messages) {
        synchronized (lock) {
            messages.forEach(message -> consumer.again(message.sequence()));
            pumpAll();
        }
    }

    /** Starts all work there is a place for, and wakes who waits for quiescence. */
    private void pumpAll() {
        for (MemoryConsumer consumer : consumers.values()) {
            Runnable work = consumer.nextWork();
            while (work != null) {
                Thread.startVirtualThread(work);
                work = consumer.nextWork();
            }
        }
        lock.notifyAll();
    }

    @Override
    public void begin(Channel channel, String profile, String name, long first) {
        synchronized (lock) {
            MemoryLog log = log(channel, profile);
            consumers.computeIfAbsent(new Place(channel, profile, name), key -> new MemoryConsumer(log, first));
        }
    }

    @Override
    public OptionalLong handled(Channel channel, String profile, String name) {
        synchronized (lock) {
            log(channel, profile);
            MemoryConsumer consumer = consumers.get(new Place(channel, profile, name));
            return consumer == null ? OptionalLong.empty() : OptionalLong.of(consumer.handledUpTo());
        }
    }

    @Override
    public void forget(Channel channel, String profile, String name) {
        synchronized (lock) {
            consumers.remove(new Place(channel, profile, name));
            lock.notifyAll();
        }
    }

    @Override
    public void read(
            Channel channel,
            String profile,
            long first,
            Instant notBefore,
            long last,
            Predicate<List<StoredMessage>> reader) {
        List<StoredMessage> found = new ArrayList<>();
        synchronized (lock) {
            log(channel, profile).from(first).forEach(found::add);
        }
        found.removeIf(message -> message.sequence() > last || message.stored().isBefore(notBefore));
        int next = 0;
        while (next < found.size()) {
            int end = Math.min(found.size(), next + READ_BATCH);
            if (!reader.test(List.copyOf(found.subList(next, end)))) {
                return;
            }
            next = end;
        }
    }

    @Override
    public Optional<StoredMessage> find(Channel channel, String profile, long sequence) {
        synchronized (lock) {
            return Optional.ofNullable(log(channel, profile).get(sequence));
        }
    }

    @Override
    public List<StoredMessage> newest(Channel channel, String profile, @Nullable Long before, int limit) {
        synchronized (lock) {
            return log(channel, profile).newest(before, limit);
        }
    }

    @Override
    public long lastSequence(Channel channel, String profile) {
        synchronized (lock) {
            return log(channel, profile).last();
        }
    }

    @Override
    public boolean delete(Channel channel, String profile, long sequence) {
        synchronized (lock) {
            return log(channel, profile).remove(sequence);
        }
    }

    @Override
    public long pending(Channel channel, String profile, String name) {
        synchronized (lock) {
            log(channel, profile);
            MemoryConsumer consumer = consumers.get(new Place(channel, profile, name));
            return consumer == null ? 0 : consumer.pending();
        }
    }

    /** Ends all consumers. */
    @Override
    public void close() {
        synchronized (lock) {
            consumers.clear();
            lock.notifyAll();
        }
    }

    private MemoryLog log(Channel channel, String profile) {
        if (!profiles.contains(profile)) {
            throw HelixException.notFound(
                    "profile '" + profile + "' has no streams on the event bus; provision it first");
        }
        return logs.computeIfAbsent(new Stream(channel, profile), key -> new MemoryLog());
    }

    private record MemoryDelivery(StoredMessage message, int attempt, boolean last) implements Delivery {
        @Override
        public void inProgress() {}
    }
}
