package io.helix.nats;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.event.Channel;
import io.helix.api.event.Delivery;
import io.helix.api.event.Disposition;
import io.helix.api.event.EventBus;
import io.helix.api.event.StoredMessage;
import io.nats.client.ConsumeOptions;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.MessageConsumer;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A durable pull consumer whose messages are handled concurrently, each for itself. */
final class NatsConsumer implements EventBus.Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(NatsConsumer.class);
    private static final Duration CREATE = Duration.ofSeconds(8);
    private static final Duration WATCH = Duration.ofSeconds(5);
    /** Longer pulls stall for as long after a reconnect: the server forgets a pull, the client does not know. */
    private static final int PULL_MILLIS = 2000;

    private static final int LARGEST_PULL = 1000;
    private static final Duration BURY_AGAIN = Duration.ofSeconds(5);
    /** Deliveries lost on the way count as attempts too; after so many more the message must be what kills us. */
    private static final int UNANSWERED = 3;

    private final NatsLink link;
    private final NatsStreams streams;
    private final NatsPublisher publisher;
    private final Channel channel;
    private final String profile;
    private final String stream;
    private final String name;
    private final EventBus.ConsumerOptions options;
    private final Function<Delivery, CompletionStage<Disposition>> handler;
    private final Semaphore places;
    private final Semaphore rebind = new Semaphore(0);
    private final Runnable rebinder = rebind::release;
    private volatile boolean closed;
    private volatile long lastDelivery = System.nanoTime();
    private boolean wasIdle;
    private final ReentrantLock binding = new ReentrantLock();
    private @Nullable Bound bound;

    private record Bound(NatsLink.Line line, Dispatcher dispatcher, MessageConsumer consumer) {}

    NatsConsumer(
            NatsLink link,
            NatsStreams streams,
            NatsPublisher publisher,
            Channel channel,
            String profile,
            String name,
            EventBus.ConsumerOptions options,
            Function<Delivery, CompletionStage<Disposition>> handler) {
        this.link = link;
        this.streams = streams;
        this.publisher = publisher;
        this.channel = channel;
        this.profile = profile;
        this.stream = Subjects.stream(channel, profile);
        this.name = Subjects.consumer(name);
        this.options = options;
        this.handler = handler;
        this.places = new Semaphore(options.concurrency());
    }

    void start(NatsCalls calls) {
        calls.call(
                CREATE,
                "creating consumer " + this,
                line -> line.management().addOrUpdateConsumer(stream, configuration()));
        link.onUsableAgain(rebinder);
        rebind.release();
        Thread.ofVirtual().name("helix-nats-" + this).start(this::tend);
    }

    /** No limit of deliveries at the server: one that is reached there drops the message for good. */
    private ConsumerConfiguration configuration() {
        return ConsumerConfiguration.builder()
                .durable(name)
                .ackPolicy(AckPolicy.Explicit)
                .ackWait(options.ackWait())
                .maxAckPending(options.concurrency())
                .build();
    }

    /** Binds, and binds again whenever the connection was lost or nothing arrives although something waits. */
    private void tend() {
        int failures = 0;
        try {
            while (!closed && !link.closed()) {
                Duration wait = failures == 0 ? WATCH : Backoff.of(failures);
                boolean asked = rebind.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
                if (asked) {
                    rebind.drainPermits();
                }
                if (asked || failures > 0 || stalled()) {
                    failures = bindAgain() ? 0 : failures + 1;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            unbind();
        }
    }

    private boolean bindAgain() {
        binding.lock();
        try {
            unbind();
            return tryBind();
        } finally {
            binding.unlock();
        }
    }

    private boolean tryBind() {
        var line = link.line();
        if (closed || line.isEmpty()) {
            return false;
        }
        try {
            bind(line.get());
            return true;
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NatsCalls.STREAM_NOT_FOUND && !streams.isProvisioned(profile)) {
                LOG.info("consumer {} ends: its profile was removed", this);
                closed = true;
            }
            LOG.debug("consumer {} not bound: {}", this, e.getMessage());
            return false;
        } catch (IOException | RuntimeException e) {
            LOG.debug("consumer {} not bound: {}", this, e.toString());
            return false;
        }
    }

    private void bind(NatsLink.Line line) throws IOException, JetStreamApiException {
        line.management().addOrUpdateConsumer(stream, configuration());
        Dispatcher dispatcher = line.connection().createDispatcher();
        ConsumeOptions pulls = ConsumeOptions.builder()
                .batchSize(Math.clamp(options.concurrency() * 2L, 10, LARGEST_PULL))
                .expiresIn(PULL_MILLIS)
                .build();
        MessageConsumer consumer =
                line.jetStream().getConsumerContext(stream, name).consume(pulls, dispatcher, this::receive);
        lastDelivery = System.nanoTime();
        wasIdle = false;
        bound = new Bound(line, dispatcher, consumer);
        LOG.debug("consumer {} bound", this);
    }

    private void unbind() {
        binding.lock();
        try {
            Bound current = bound;
            bound = null;
            if (current != null) {
                current.consumer().close();
                current.line().connection().closeDispatcher(current.dispatcher());
            }
        } catch (Exception e) { // what MessageConsumer.close() declares
            LOG.debug("consumer {}: {}", this, e.toString());
        } finally {
            binding.unlock();
        }
    }

    private boolean stalled() {
        var line = link.line();
        boolean quiet = System.nanoTime() - lastDelivery > WATCH.toNanos();
        if (line.isEmpty() || !quiet || places.availablePermits() == 0) {
            wasIdle = false;
            return false;
        }
        try {
            return stalled(line.get().management().getConsumerInfo(stream, name));
        } catch (IOException | RuntimeException e) {
            return false;
        } catch (JetStreamApiException e) {
            return e.getApiErrorCode() == NatsCalls.CONSUMER_NOT_FOUND
                    || e.getApiErrorCode() == NatsCalls.STREAM_NOT_FOUND;
        }
    }

    /** A moment without a pull is normal, two looks in a row are not. */
    private boolean stalled(ConsumerInfo info) {
        boolean unpulled = info.getNumWaiting() == 0 && wasIdle;
        wasIdle = info.getNumWaiting() == 0;
        boolean waiting = info.getNumPending() > 0 && info.getNumAckPending() < options.concurrency();
        if (unpulled || waiting) {
            LOG.warn(
                    "consumer {} got nothing for {} s, {} waiting: pulling anew",
                    this,
                    WATCH.toSeconds(),
                    info.getNumPending());
        }
        return unpulled || waiting;
    }

    /** On the one thread of the dispatcher. */
    private void receive(Message message) throws InterruptedException {
        lastDelivery = System.nanoTime();
        places.acquire();
        if (closed) {
            places.release();
            answer(message, message::nak);
            return;
        }
        Thread.startVirtualThread(() -> handle(message));
    }

    private void handle(Message message) {
        StoredMessage stored = Messages.stored(channel, profile, message);
        int attempt = (int) Math.min(Integer.MAX_VALUE, message.metaData().deliveredCount());
        Received delivery = new Received(stored, attempt, attempt >= options.maxAttempts(), message);
        if (attempt > options.maxAttempts() + UNANSWERED) {
            bury(delivery, "delivered " + (attempt - 1) + " times without an answer");
            return;
        }
        dispositionOf(delivery).whenComplete((disposition, failure) -> {
            if (failure == null && disposition != null) {
                settle(delivery, disposition);
            } else {
                String reason = failure == null ? "the handler gave no disposition" : reason(failure);
                settle(delivery, new Disposition.Retry(Backoff.ofHandler(attempt), reason));
            }
        });
    }

    private CompletionStage<Disposition> dispositionOf(Delivery delivery) {
        try {
            return handler.apply(delivery);
        } catch (RuntimeException | Error e) { // an Error must not leave the place taken for ever
            return CompletableFuture.failedFuture(e);
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof HelixException known ? known.message() : cause.toString();
    }

    private void settle(Received delivery, Disposition disposition) {
        switch (disposition) {
            case Disposition.Acknowledge() -> release(delivery, delivery.source()::ack);
            case Disposition.Reject(String reason) -> bury(delivery, reason);
            case Disposition.Retry(Duration after, String reason) -> {
                if (delivery.last()) {
                    bury(delivery, reason);
                } else {
                    release(delivery, () -> delivery.source().nakWithDelay(after));
                }
            }
        }
    }

    /** First stored as a dead letter, then dropped: the other way round a crash between the two would lose it. */
    private void bury(Received delivery, String reason) {
        if (channel == Channel.DEAD_LETTERS) {
            release(delivery, delivery.source()::term);
            return;
        }
        publisher
                .publishOutsideWindow(Messages.deadLetter(delivery, name, reason))
                .whenComplete((receipt, failure) -> {
                    if (failure == null) {
                        release(delivery, delivery.source()::term);
                    } else {
                        buryLater(delivery, failure);
                    }
                });
    }

    private void buryLater(Received delivery, Throwable failure) {
        boolean removed = failure instanceof HelixException known && known.kind() == ErrorKind.NOT_FOUND;
        if (!removed) {
            LOG.warn(
                    "message {} of {} could not become a dead letter, trying again: {}",
                    delivery.message().sequence(),
                    this,
                    failure.getMessage());
        }
        release(delivery, () -> delivery.source().nakWithDelay(BURY_AGAIN));
    }

    private void release(Received delivery, Runnable answer) {
        answer(delivery.source(), answer);
        places.release();
    }

    /** What cannot be answered now is delivered again after ackWait. */
    private void answer(Message message, Runnable answer) {
        try {
            answer.run();
        } catch (IllegalStateException e) {
            LOG.debug("{}: no answer to {}: {}", this, message.metaData().streamSequence(), e.getMessage());
        }
    }

    @Override
    public void close() {
        closed = true;
        link.forget(rebinder);
        // Before returning: what is published next must not be delivered to a consumer nobody listens to.
        unbind();
        rebind.release();
    }

    @Override
    public String toString() {
        return stream + "/" + name;
    }

    private record Received(StoredMessage message, int attempt, boolean last, Message source) implements Delivery {
        @Override
        public void inProgress() {
            try {
                source.inProgress();
            } catch (IllegalStateException e) {
                LOG.debug("inProgress while the mesh is away: {}", e.getMessage());
            }
        }
    }
}
