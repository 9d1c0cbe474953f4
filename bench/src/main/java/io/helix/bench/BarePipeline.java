package io.helix.bench;

import io.nats.client.ConsumeOptions;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.MessageConsumer;
import io.nats.client.MessageHandler;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.PublishAck;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.impl.Headers;
import io.nats.client.support.NatsJetStreamConstants;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What Helix asks of NATS for one event and its run, and nothing else: an event, a command and a journal entry, each
 * published with an id, consumed and acknowledged, in the same order and of about the same size.
 */
final class BarePipeline implements AutoCloseable {
    private static final int WINDOW = 1024;
    private static final int JOURNAL_BATCH = 100;
    /** Bytes that Helix adds to an event to make a command of it, and the bytes of what it records of a run. */
    private static final int COMMAND_EXTRA = 200;

    private static final int JOURNAL_BYTES = 700;

    private final BareNats events;
    private final BareNats commands;
    private final BareNats journal;
    private final Semaphore window = new Semaphore(WINDOW);
    private final List<MessageConsumer> consumers = new ArrayList<>();
    private final byte[] entry = new byte[JOURNAL_BYTES];
    private volatile CountDownLatch missing = new CountDownLatch(0);
    private int journaled;

    BarePipeline(String url) throws IOException, InterruptedException, JetStreamApiException {
        events = new BareNats(url);
        commands = new BareNats(url);
        journal = new BareNats(url);
        events.create("events", RetentionPolicy.Limits, AckPolicy.Explicit);
        commands.create("commands", RetentionPolicy.WorkQueue, AckPolicy.Explicit);
        journal.create("journal", RetentionPolicy.Limits, AckPolicy.All);
        consume(events, "events", this::event);
        consume(commands, "commands", this::command);
        consume(journal, "journal", this::journal);
    }

    private void consume(BareNats nats, String name, MessageHandler handler) throws IOException, JetStreamApiException {
        ConsumeOptions options = ConsumeOptions.builder()
                .batchSize(BareNats.PULL)
                .expiresIn(2_000)
                .build();
        consumers.add(nats.stream().getConsumerContext(name, BareNats.CONSUMER).consume(options, handler));
    }

    private void event(Message event) {
        byte[] command = new byte[event.getData().length + COMMAND_EXTRA];
        follow(event, commands, "commands.note", command);
    }

    private void command(Message command) {
        follow(command, journal, "journal.entries", entry);
    }

    /** Acknowledges {@code message} when what follows from it is durable. */
    @SuppressWarnings("FutureReturnValueIgnored") // a failure leaves the latch open, and that is reported
    private static void follow(Message message, BareNats to, String subject, byte[] body) {
        String id = Objects.requireNonNull(message.getHeaders().getFirst(NatsJetStreamConstants.MSG_ID_HDR));
        to.stream().publishAsync(subject, id(id), body).thenRun(message::ack);
    }

    private void journal(Message message) {
        journaled++;
        missing.countDown();
        if (journaled % JOURNAL_BATCH == 0) {
            message.ack();
        }
    }

    private static Headers id(String id) {
        return new Headers().put(NatsJetStreamConstants.MSG_ID_HDR, id);
    }

    /** Carries events to the end; how long it took. */
    Duration carry(String prefix, int count, Duration patience) throws InterruptedException {
        List<byte[]> bodies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            bodies.add(PipelineLoad.event(prefix, i).toString().getBytes(StandardCharsets.UTF_8));
        }
        missing = new CountDownLatch(count);
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            window.acquire();
            publish("events.bench.t" + i % 100, "/bench/" + prefix + i, bodies.get(i));
        }
        if (!missing.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("bare NATS lost " + missing.getCount() + " of " + count + " events");
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failure leaves the latch open, and that is reported
    private void publish(String subject, String id, byte[] body) {
        CompletableFuture<PublishAck> ack = events.stream().publishAsync(subject, id(id), body);
        ack.whenComplete((done, failure) -> window.release());
    }

    @Override
    public void close() throws Exception {
        try (events;
                commands;
                journal) {
            for (MessageConsumer consumer : consumers) {
                consumer.close();
            }
        }
    }
}
