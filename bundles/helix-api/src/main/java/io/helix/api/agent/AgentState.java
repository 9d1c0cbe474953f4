package io.helix.api.agent;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A small durable map of one agent; survives restarts and updates. Keys up to 300 characters, values up to 64 KiB;
 * 10,000 keys and 16 MiB together. What would be over that is refused with CONFLICT.
 */
@ProviderType
public interface AgentState {
    Optional<String> get(String key);

    /**
     * A value to keep, or none.
     *
     * @param value null to remove the key
     * @param timeToLive after which the value is gone; null for never, otherwise positive
     */
    record Change(
            String key, @Nullable String value, @Nullable Duration timeToLive) {}

    /**
     * Makes all changes, in their order, or none.
     *
     * @throws io.helix.api.HelixException CONFLICT when more would be kept afterwards than may be
     */
    void change(Collection<Change> changes);

    /** Fails with CONFLICT where {@link #change} would, and changes nothing. */
    void check(Collection<Change> changes);

    default void put(String key, String value) {
        change(List.of(new Change(key, value, null)));
    }

    /** Stores a value that is gone after {@code timeToLive}, which is positive. */
    default void put(String key, String value, Duration timeToLive) {
        change(List.of(new Change(key, value, timeToLive)));
    }

    /** Stores the value only if the key is absent; false when it was there. Atomic. */
    boolean putIfAbsent(String key, String value);

    default void remove(String key) {
        change(List.of(new Change(key, null, null)));
    }

    /** The keys that begin with {@code prefix}, in the order of their characters; at most {@code limit}. */
    List<String> keys(String prefix, int limit);
}
