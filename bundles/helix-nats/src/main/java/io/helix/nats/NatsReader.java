package io.helix.nats;

import io.helix.api.HelixException;
import io.helix.api.event.Channel;
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
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what a stream keeps, in order, with a consumer that is gone afterwards. */
final class NatsReader {
    private static final Logger LOG = LoggerFactory.getLogger(NatsReader.class);
    private static final Duration CREATE = Duration.ofSeconds(8);
    private static final Duration ABANDONED = Duration.ofMinutes(10);
    private static final int BATCH = 1000;
    private static final int MAX_BYTES = 16 << 20;
    private static final int FETCH_MILLIS = 4000;

    private final NatsLink link;
    private final NatsCalls calls;
    private final Channel channel;
    private final String profile;
    private final String stream;
    private long delivered;

    NatsReader(NatsLink link, NatsCalls calls, Channel channel, String profile) {
        this.link = link;
        this.calls = calls;
        this.channel = channel;
        this.profile = profile;
        this.stream = Subjects.stream(channel, profile);
    }

    void read(long first, Instant notBefore, long last, Predicate<List<StoredMessage>> reader) {
        if (last < first) {
            return;
        }
        ConsumerInfo info = calls.call(
                CREATE,
                "reading " + stream,
                line -> line.management().addOrUpdateConsumer(stream, configuration(first, notBefore)));
        try {
            NatsLink.Line line = link.await(CREATE);
            ConsumerContext context = line.jetStream().getConsumerContext(stream, info.getName());
            read(context, info.getNumPending(), first, last, reader);
        } catch (JetStreamApiException e) {
            throw NatsCalls.translate("reading " + stream, e);
        } catch (IOException | JetStreamStatusCheckedException | IllegalStateException e) {
            throw HelixException.unavailable(
                    "reading " + stream + ": the event mesh went away (" + e.getMessage() + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HelixException.unavailable("reading " + stream + ": interrupted");
        } finally {
            delete(info.getName());
        }
    }

    private static ConsumerConfiguration configuration(long first, Instant notBefore) {
        ConsumerConfiguration.Builder builder =
                ConsumerConfiguration.builder().ackPolicy(AckPolicy.None).inactiveThreshold(ABANDONED);
        return notBefore.isAfter(Instant.EPOCH)
                ? builder.deliverPolicy(DeliverPolicy.ByStartTime)
                        .startTime(notBefore.atZone(ZoneOffset.UTC))
                        .build()
                : builder.deliverPolicy(DeliverPolicy.ByStartSequence)
                        .startSequence(Math.max(1, first))
                        .build();
    }

    private void read(
            ConsumerContext context, long pending, long first, long last, Predicate<List<StoredMessage>> reader)
            throws IOException, JetStreamApiException, InterruptedException, JetStreamStatusCheckedException {
        long left = pending;
        while (left > 0) {
            List<StoredMessage> batch = fetch(context, (int) Math.min(left, BATCH));
            left -= batch.size();
            boolean end = batch.getLast().sequence() >= last;
            List<StoredMessage> wanted = batch.stream()
                    .filter(message -> message.sequence() >= first && message.sequence() <= last)
                    .toList();
            if (!wanted.isEmpty() && !reader.test(wanted) || end) {
                return;
            }
        }
    }

    private List<StoredMessage> fetch(ConsumerContext context, int count)
            throws IOException, JetStreamApiException, InterruptedException, JetStreamStatusCheckedException {
        FetchConsumeOptions options = FetchConsumeOptions.builder()
                .max(MAX_BYTES, count)
                .expiresIn(FETCH_MILLIS)
                .build();
        List<StoredMessage> batch = new ArrayList<>(count);
        FetchConsumer fetch = context.fetch(options);
        try {
            for (Message message = fetch.nextMessage(); message != null; message = fetch.nextMessage()) {
                if (message.metaData().consumerSequence() != ++delivered) {
                    throw new IllegalStateException("a delivery was lost");
                }
                batch.add(Messages.stored(channel, profile, message));
            }
        } finally {
            close(fetch);
        }
        if (batch.isEmpty()) {
            throw new IllegalStateException("no message for " + FETCH_MILLIS + " ms");
        }
        return batch;
    }

    private static void close(FetchConsumer fetch) {
        try {
            fetch.close();
        } catch (Exception e) { // what FetchConsumer.close() declares
            LOG.debug("closing a fetch: {}", e.toString());
        }
    }

    private void delete(String name) {
        try {
            calls.call(
                    CREATE,
                    "ending the reading of " + stream,
                    line -> line.management().deleteConsumer(stream, name));
        } catch (HelixException e) {
            LOG.debug("the server will forget consumer {} of {}: {}", name, stream, e.message());
        }
    }
}
