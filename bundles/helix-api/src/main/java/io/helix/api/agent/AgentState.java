package io.helix.api.agent;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** A small durable map of one agent; survives restarts and updates. Keys up to 200 characters, values up to 64 KiB. */
@ProviderType
public interface AgentState {
    Optional<String> get(String key);

    void put(String key, String value);

    /** Stores the value only if the key is absent; false when it was there. Atomic. */
    boolean putIfAbsent(String key, String value);

    void remove(String key);
}
