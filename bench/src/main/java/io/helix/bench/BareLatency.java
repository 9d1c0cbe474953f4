package io.helix.bench;

import io.nats.client.ConsumeOptions;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.MessageConsumer;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.impl.Headers;
import io.nats.client.support.NatsJetStreamConstants;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One hop over a bare nats-server: from publishing a message to the handler of another connection. */
final class BareLatency implements AutoCloseable {
    private static final String STREAM = "events";
    private static final int PATIENCE_SECONDS = 30;

    private final BareNats from;
    private final BareNats to;
    private final MessageConsumer consumer;
    private volatile Flight flight = new Flight(0);

    /** The messages of one measurement; the sequence of the stream goes on, so they begin after {@code before}. */
    private static final class Flight {
        private final long[] sent;
        private final double[] millis;
        private final CountDownLatch missing;

        Flight(int times) {
            sent = new long[times];
            millis = new double[times];
            missing = new CountDownLatch(times);
        }
    }

    BareLatency(String url) throws IOException, InterruptedException, JetStreamApiException {
        from = new BareNats(url);
        to = new BareNats(url);
        to.create(STREAM, RetentionPolicy.Limits, AckPolicy.Explicit);
        ConsumeOptions options = ConsumeOptions.builder()
                .batchSize(BareNats.PULL)
                .expiresIn(2_000)
                .build();
        consumer = to.stream().getConsumerContext(STREAM, BareNats.CONSUMER).consume(options, this::arrived);
    }

    private void arrived(Message message) {
        long now = System.nanoTime();
        Flight current = flight;
        int number = Integer.parseInt(
                message.getSubject().substring(message.getSubject().lastIndexOf('.') + 1));
        current.millis[number] = (now - current.sent[number]) / 1e6;
        message.ack();
        current.missing.countDown();
    }

    Percentiles measure(String prefix, Pace pace, int seconds) throws InterruptedException {
        int times = pace.times(seconds);
        Flight current = new Flight(times);
        flight = current;
        pace.run(times, number -> send(current, prefix, number));
        if (!current.missing.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("bare NATS lost " + current.missing.getCount() + " messages");
        }
        return new Percentiles(current.millis);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failure leaves the latch open, and that is reported
    private void send(Flight current, String prefix, int number) {
        byte[] body = PipelineLoad.event(prefix, number).toString().getBytes(StandardCharsets.UTF_8);
        Headers id = new Headers().put(NatsJetStreamConstants.MSG_ID_HDR, prefix + number);
        current.sent[number] = System.nanoTime();
        from.stream().publishAsync(STREAM + "." + prefix + "." + number, id, body);
    }

    @Override
    public void close() throws Exception {
        try (from;
                to) {
            consumer.close();
        }
    }
}
