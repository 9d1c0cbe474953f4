package io.helix.nats;

import io.helix.api.event.Channel;
import io.helix.api.event.EventBus;
import io.helix.api.event.StoredMessage;
import io.nats.client.ConsumerContext;
import io.nats.client.FetchConsumeOptions;
import io.nats.client.FetchConsumer;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamStatusCheckedException;
import io.nats.client.Message;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A durable pull consumer whose messages are handled in order, in batches, on one thread.
 *
 * <p>The server delivers newer messages while older ones wait for their answer. So after anything that may have lost a
 * delivery on the way, nothing is fetched until all unanswered ones are due again; they come first then, in order.
 */
final class NatsOrderedConsumer implements EventBus.Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(NatsOrderedConsumer.class);
    private static final Duration CREATE = Duration.ofSeconds(8);
    private static final Duration ACK_WAIT = Duration.ofSeconds(6);
    private static final Duration DUE_AGAIN = ACK_WAIT.plusMillis(500);
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(2);
    private static final int FETCH_MILLIS = 1000;

    private final NatsLink link;
    private final NatsStreams streams;
    private final Channel channel;
    private final String profile;
    private final String stream;
    private final String name;
    private final int maxBatch;
    private final Consumer<List<StoredMessage>> handler;
    private final CountDownLatch closing = new CountDownLatch(1);
    /** Of the last message handled here: a killed server forgets the latest answers and delivers again. */
    private long handled;

    private @Nullable ZonedDateTime streamCreated;
    /** Of the last delivery seen; every delivery counts one up, so a gap means that one was lost. */
    private long delivered;

    NatsOrderedConsumer(
            NatsLink link,
            NatsStreams streams,
            Channel channel,
            String profile,
            String name,
            int maxBatch,
            Consumer<List<StoredMessage>> handler) {
        this.link = link;
        this.streams = streams;
        this.channel = channel;
        this.profile = profile;
        this.stream = Subjects.stream(channel, profile);
        this.name = Subjects.consumer(name);
        this.maxBatch = maxBatch;
        this.handler = handler;
    }

    void start(NatsCalls calls) {
        calls.call(CREATE, "creating consumer " + this, this::ensure);
        Thread.ofVirtual().name("helix-nats-" + this).start(this::run);
    }

    /** Makes a consumer that will begin with the message {@code first}, unless there is one of that name. */
    static void create(NatsCalls calls, Channel channel, String profile, String name, long first) {
        String stream = Subjects.stream(channel, profile);
        String durable = Subjects.consumer(name);
        calls.call(CREATE, "creating consumer " + stream + "/" + durable, line -> {
            Optional<ConsumerInfo> present = present(line, stream, durable);
            return present.isPresent()
                    ? present.get()
                    : line.management()
                            .addOrUpdateConsumer(
                                    stream,
                                    configuration(durable, 1)
                                            .deliverPolicy(DeliverPolicy.ByStartSequence)
                                            .startSequence(Math.max(1, first))
                                            .build());
        });
    }

    /** Where a consumer begins cannot be changed afterwards, so one that is there keeps what it was made with. */
    private ConsumerInfo ensure(NatsLink.Line line) throws IOException, JetStreamApiException {
        Optional<ConsumerConfiguration> present =
                present(line, stream, name).map(ConsumerInfo::getConsumerConfiguration);
        ConsumerConfiguration.Builder wanted = configuration(name, maxBatch);
        if (present.isPresent() && present.get().getDeliverPolicy() == DeliverPolicy.ByStartSequence) {
            wanted.deliverPolicy(DeliverPolicy.ByStartSequence)
                    .startSequence(present.get().getStartSequence());
        }
        return line.management().addOrUpdateConsumer(stream, wanted.build());
    }

    private static Optional<ConsumerInfo> present(NatsLink.Line line, String stream, String name)
            throws IOException, JetStreamApiException {
        try {
            return Optional.of(line.management().getConsumerInfo(stream, name));
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NatsCalls.CONSUMER_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static ConsumerConfiguration.Builder configuration(String name, int maxBatch) {
        return ConsumerConfiguration.builder()
                .durable(name)
                .ackPolicy(AckPolicy.Explicit)
                .ackWait(ACK_WAIT)
                .maxAckPending(maxBatch);
    }

    private void run() {
        int failures = 0;
        try {
            while (isOpen()) {
                failures = consume() ? 0 : failures + 1;
                if (failures > 0) {
                    closing.await(Backoff.of(failures).toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** From binding to the first trouble; false when there was trouble at once. */
    private boolean consume() throws InterruptedException {
        boolean progress = false;
        try {
            var line = link.line();
            if (line.isEmpty()) {
                return false;
            }
            ConsumerContext context = bind(line.get());
            while (isOpen() && link.line().equals(line)) {
                handle(fetch(context));
                progress = true;
            }
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NatsCalls.STREAM_NOT_FOUND && !streams.isProvisioned(profile)) {
                LOG.info("consumer {} ends: its profile was removed", this);
                closing.countDown();
            }
            LOG.debug("consumer {}: {}", this, e.getMessage());
        } catch (IOException | JetStreamStatusCheckedException | IllegalStateException e) {
            LOG.debug("consumer {}: {}", this, e.toString());
        }
        return progress;
    }

    private ConsumerContext bind(NatsLink.Line line) throws IOException, JetStreamApiException, InterruptedException {
        ConsumerInfo info = ensure(line);
        if (info.getNumAckPending() > 0) {
            closing.await(DUE_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            info = line.management().getConsumerInfo(stream, name);
        }
        delivered = info.getDelivered().getConsumerSequence();
        ZonedDateTime created = line.management().getStreamInfo(stream).getCreateTime();
        if (!created.equals(streamCreated)) {
            // A stream removed and made again counts from 1 again.
            streamCreated = created;
            handled = 0;
        }
        return line.jetStream().getConsumerContext(stream, name);
    }

    /** Waits for the first only: a batch that had to fill up would be late by the length of the wait. */
    private List<Message> fetch(ConsumerContext context)
            throws IOException, JetStreamApiException, InterruptedException, JetStreamStatusCheckedException {
        List<Message> batch = new ArrayList<>();
        Message first = context.next(FETCH_MILLIS);
        if (first != null) {
            batch.add(first);
        }
        if (first != null && maxBatch > 1) {
            fetchMore(context, batch);
        }
        return batch;
    }

    private void fetchMore(ConsumerContext context, List<Message> batch)
            throws IOException, JetStreamApiException, InterruptedException, JetStreamStatusCheckedException {
        FetchConsumeOptions options =
                FetchConsumeOptions.builder().maxMessages(maxBatch - 1).noWait().build();
        try (Fetch fetch = new Fetch(context.fetch(options))) {
            Message message = fetch.next();
            while (message != null) {
                batch.add(message);
                message = fetch.next();
            }
        }
    }

    /** A fetch whose closing does not throw. */
    private record Fetch(FetchConsumer consumer) implements AutoCloseable {
        @Nullable
        Message next() throws InterruptedException, JetStreamStatusCheckedException {
            return consumer.nextMessage();
        }

        @Override
        public void close() {
            try {
                consumer.close();
            } catch (Exception e) { // what FetchConsumer.close() declares
                LOG.debug("closing a fetch: {}", e.toString());
            }
        }
    }

    private void handle(List<Message> batch) throws InterruptedException {
        if (batch.isEmpty()) {
            return;
        }
        for (Message message : batch) {
            if (message.metaData().consumerSequence() != ++delivered) {
                throw new IllegalStateException("a delivery before " + message.metaData() + " was lost");
            }
        }
        List<StoredMessage> news = batch.stream()
                .map(message -> Messages.stored(channel, profile, message))
                .filter(message -> message.sequence() > handled)
                .toList();
        if (news.isEmpty() || handled(batch, news)) {
            batch.forEach(Message::ack);
        }
    }

    /** False when closed before the handler accepted the batch. */
    private boolean handled(List<Message> batch, List<StoredMessage> news) throws InterruptedException {
        ScheduledFuture<?> keepAlive = link.timer()
                .scheduleAtFixedRate(
                        () -> keepAlive(batch), KEEP_ALIVE.toMillis(), KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS);
        try {
            int failures = 0;
            while (isOpen()) {
                if (accepted(news)) {
                    handled = news.getLast().sequence();
                    return true;
                }
                failures++;
                closing.await(Backoff.of(failures).toMillis(), TimeUnit.MILLISECONDS);
            }
            return false;
        } finally {
            keepAlive.cancel(false);
        }
    }

    private boolean accepted(List<StoredMessage> news) {
        try {
            handler.accept(news);
            return true;
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            LOG.warn(
                    "consumer {}: {} messages from {} not handled, trying again: {}",
                    this,
                    news.size(),
                    news.getFirst().sequence(),
                    e.toString());
            return false;
        }
    }

    private void keepAlive(List<Message> batch) {
        try {
            batch.forEach(Message::inProgress);
        } catch (IllegalStateException e) {
            LOG.debug("consumer {}: {}", this, e.getMessage());
        }
    }

    private boolean isOpen() {
        return closing.getCount() > 0 && !link.closed();
    }

    @Override
    public void close() {
        closing.countDown();
    }

    @Override
    public String toString() {
        return stream + "/" + name;
    }
}
