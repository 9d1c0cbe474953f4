package io.helix.nats;

import io.helix.api.Health;
import io.helix.api.HealthCheck;
import io.helix.api.event.Channel;
import io.helix.api.event.Delivery;
import io.helix.api.event.Disposition;
import io.helix.api.event.EventBus;
import io.helix.api.event.Message;
import io.helix.api.event.Receipt;
import io.helix.api.event.StoredMessage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** The event bus on NATS JetStream. Registered at once; connects in the background. */
@Component(
        service = {EventBus.class, HealthCheck.class},
        configurationPid = "io.helix.nats",
        immediate = true)
public final class NatsEventBus implements EventBus, HealthCheck {
    /** What {@code etc/io.helix.nats.cfg} may say. */
    public @interface Config {
        /** Of the NATS to use, several separated by commas; empty for a server of our own. */
        String url() default "";

        /** For the NATS at {@link #url}. */
        String token() default "";

        /** The program nats-server; empty to search for it. */
        String binary() default "";

        /** State of our own server; empty for {@code nats} in the home of Helix. */
        String dir() default "";

        /** Messages published but not yet confirmed. */
        int window() default 1024;

        String events_max_age() default "7d";

        String events_max_bytes() default "10GB";
    }

    private final NatsLink link;
    private final NatsStreams streams;
    private final NatsPublisher publisher;
    private final NatsCalls calls;

    @Activate
    public NatsEventBus(BundleContext context, Config config) {
        this(NatsSettings.of(config, home(context)));
    }

    NatsEventBus(NatsSettings settings) {
        link = new NatsLink(settings);
        calls = new NatsCalls(link);
        streams = new NatsStreams(calls, settings);
        publisher = new NatsPublisher(link, streams, settings.window());
        link.start();
    }

    private static Path home(BundleContext context) {
        String home = context.getProperty("helix.home");
        return Path.of(home == null ? "" : home).toAbsolutePath();
    }

    @Deactivate
    void close() {
        link.close();
    }

    NatsLink link() {
        return link;
    }

    @Override
    public Health health() {
        return link.health();
    }

    @Override
    public void provision(String profile) {
        streams.provision(profile);
    }

    @Override
    public void remove(String profile) {
        streams.remove(profile);
    }

    @Override
    public CompletionStage<Receipt> publish(Message message) {
        return publisher.publish(message);
    }

    @Override
    public boolean accepting() {
        return publisher.accepting();
    }

    @Override
    public Subscription consume(
            Channel channel,
            String profile,
            String name,
            ConsumerOptions options,
            Function<Delivery, CompletionStage<Disposition>> handler) {
        var consumer = new NatsConsumer(link, streams, publisher, channel, profile, name, options, handler);
        consumer.start(calls);
        return consumer;
    }

    @Override
    public Subscription consumeInOrder(
            Channel channel, String profile, String name, int maxBatch, Consumer<List<StoredMessage>> handler) {
        var consumer = new NatsOrderedConsumer(link, streams, channel, profile, name, maxBatch, handler);
        consumer.start(calls);
        return consumer;
    }

    @Override
    public void begin(Channel channel, String profile, String name, long first) {
        NatsOrderedConsumer.create(calls, channel, profile, name, first);
    }

    @Override
    public OptionalLong handled(Channel channel, String profile, String name) {
        return streams.handled(channel, profile, name);
    }

    @Override
    public void forget(Channel channel, String profile, String name) {
        streams.forget(channel, profile, name);
    }

    @Override
    public void read(
            Channel channel,
            String profile,
            long first,
            Instant notBefore,
            long last,
            Predicate<List<StoredMessage>> reader) {
        new NatsReader(link, calls, channel, profile).read(first, notBefore, last, reader);
    }

    @Override
    public Optional<StoredMessage> find(Channel channel, String profile, long sequence) {
        return streams.find(channel, profile, sequence);
    }

    @Override
    public List<StoredMessage> newest(Channel channel, String profile, @Nullable Long before, int limit) {
        return streams.newest(channel, profile, before, limit);
    }

    @Override
    public long lastSequence(Channel channel, String profile) {
        return streams.lastSequence(channel, profile);
    }

    @Override
    public boolean delete(Channel channel, String profile, long sequence) {
        return streams.delete(channel, profile, sequence);
    }

    @Override
    public long pending(Channel channel, String profile, String name) {
        return streams.pending(channel, profile, name);
    }
}
