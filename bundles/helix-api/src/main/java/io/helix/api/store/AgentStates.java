package io.helix.api.store;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Durable key-value state of agents. */
@ProviderType
public interface AgentStates {
    Optional<String> get(String profile, String agent, String key);

    void put(String profile, String agent, String key, String value);

    /** False when the key was there; then nothing changes. */
    boolean putIfAbsent(String profile, String agent, String key, String value);

    void remove(String profile, String agent, String key);
}
