package io.helix.api.event;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The durable mesh. What {@link #publish} has confirmed survives the death of any single process and is delivered to
 * every consumer of its channel at least once.
 *
 * <p>All methods may be called from any thread. Methods that are not asynchronous fail with UNAVAILABLE when the mesh
 * cannot be reached within a few seconds.
 */
@ProviderType
public interface EventBus {
    /** Creates what a profile needs, or leaves it as it is. Must have returned before the profile is used. */
    void provision(String profile);

    /** Removes everything of a profile. */
    void remove(String profile);

    /**
     * Stores a message. Retries in the background with the same id while the mesh is away, for less than the
     * deduplication window.
     *
     * @return completes when the message is stored; fails with UNAVAILABLE when the window of messages in flight or the
     *     channel is full, or when the mesh stayed away
     */
    CompletionStage<Receipt> publish(Message message);

    /** Whether {@link #publish} would find a place in the window of messages in flight right now. */
    boolean accepting();

    /**
     * Hands every message of a channel to {@code handler}, from where the durable consumer {@code name} stopped; a new
     * consumer begins with the oldest message. Handlers run on virtual threads, at most {@code options.concurrency} at
     * once; a handler that throws means {@link Disposition.Retry} with backoff. Messages that are rejected, or fail at
     * the last attempt, are stored in DEAD_LETTERS first and then dropped.
     */
    Subscription consume(
            Channel channel,
            String profile,
            String name,
            ConsumerOptions options,
            Function<Delivery, CompletionStage<Disposition>> handler);

    /**
     * Hands messages in order and in batches to {@code handler} on one thread; all of a batch are acknowledged when it
     * returns normally, and handed out again when it throws.
     */
    Subscription consumeInOrder(
            Channel channel,
            String profile,
            String name,
            int maxBatch,
            java.util.function.Consumer<List<StoredMessage>> handler);

    /**
     * Makes the durable consumer {@code name} of {@link #consumeInOrder}, so that it begins with the message {@code first};
     * leaves it where it is when there is one already.
     */
    void begin(Channel channel, String profile, String name, long first);

    /** Up to which sequence the durable consumer {@code name} has handled everything; empty when it is not there. */
    OptionalLong handled(Channel channel, String profile, String name);

    /** Forgets the durable consumer {@code name} and its place. Its subscription must be closed. */
    void forget(Channel channel, String profile, String name);

    /**
     * Hands the messages that are kept, from {@code first} to {@code last} and not stored before {@code notBefore}, to
     * {@code reader}, oldest first and in batches, on this thread, until it returns false.
     *
     * @throws io.helix.api.HelixException UNAVAILABLE when the mesh goes away meanwhile; what was read may be read again
     */
    void read(
            Channel channel,
            String profile,
            long first,
            Instant notBefore,
            long last,
            Predicate<List<StoredMessage>> reader);

    /** The message at a sequence, if it is still kept. */
    Optional<StoredMessage> find(Channel channel, String profile, long sequence);

    /**
     * Messages from newest to oldest.
     *
     * @param before only older than this sequence; null begins with the newest
     */
    List<StoredMessage> newest(Channel channel, String profile, @Nullable Long before, int limit);

    /** The sequence of the newest message ever stored; 0 when there was none. */
    long lastSequence(Channel channel, String profile);

    /** Deletes one message; false when it was gone already. */
    boolean delete(Channel channel, String profile, long sequence);

    /** How many messages wait for the durable consumer {@code name}, those being handled included. */
    long pending(Channel channel, String profile, String name);

    /**
     * @param maxAttempts deliveries before a message becomes a dead letter
     * @param ackWait after this time without {@link Delivery#inProgress} a message is delivered again
     */
    record ConsumerOptions(int concurrency, int maxAttempts, Duration ackWait) {}

    /** A running consumer. */
    interface Subscription extends AutoCloseable {
        /** Ends deliveries; what is being handled may finish. The durable place in the channel stays. */
        @Override
        void close();
    }
}
