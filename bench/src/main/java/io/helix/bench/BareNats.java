package io.helix.bench;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;

/** A connection to a bare nats-server, and streams with the settings that Helix gives its own. */
final class BareNats implements AutoCloseable {
    static final String CONSUMER = "bench";
    static final int PULL = 500;

    private final Connection connection;
    private final JetStream stream;

    BareNats(String url) throws IOException, InterruptedException {
        connection = Nats.connect(
                Options.builder().server(url).maxMessagesInOutgoingQueue(20_000).build());
        stream = connection.jetStream();
    }

    JetStream stream() {
        return stream;
    }

    /** Creates the stream {@code name}, its subjects {@code name.>} and a durable consumer of it. */
    void create(String name, RetentionPolicy retention, AckPolicy acks) throws IOException, JetStreamApiException {
        JetStreamManagement management = connection.jetStreamManagement();
        management.addStream(StreamConfiguration.builder()
                .name(name)
                .subjects(name + ".>")
                .storageType(StorageType.File)
                .retentionPolicy(retention)
                .duplicateWindow(Duration.ofMinutes(2))
                .build());
        management.addOrUpdateConsumer(
                name,
                ConsumerConfiguration.builder()
                        .durable(CONSUMER)
                        .ackPolicy(acks)
                        .ackWait(Duration.ofSeconds(30))
                        .maxAckPending(4 * PULL)
                        .build());
    }

    @Override
    public void close() throws InterruptedException {
        connection.close();
    }
}
