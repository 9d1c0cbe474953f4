package io.helix.api.agent;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A small durable map of one agent; survives restarts and updates. Keys up to 300 characters, values up to 64 KiB;
 * 10,000 keys and 16 MiB together. What would be over that is refused with CONFLICT.
 */
@ProviderType
public interface AgentState {
    Optional<String> get(String key);

    void put(String key, String value);

    /** Stores a value that is gone after {@code timeToLive}, which is positive. */
    void put(String key, String value, Duration timeToLive);

    /** Stores the value only if the key is absent; false when it was there. Atomic. */
    boolean putIfAbsent(String key, String value);

    void remove(String key);

    /** The keys that begin with {@code prefix}, in the order of their characters; at most {@code limit}. */
    List<String> keys(String prefix, int limit);
}
