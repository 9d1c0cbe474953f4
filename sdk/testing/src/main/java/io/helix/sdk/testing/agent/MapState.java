package io.helix.sdk.testing.agent;

import io.helix.api.HelixException;
import io.helix.api.agent.AgentState;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** State in memory, with the bounds of the real one. */
public final class MapState implements AgentState {
    private static final int MAX_KEY = 200;
    private static final int MAX_VALUE = 64 * 1024;

    private final ConcurrentSkipListMap<String, String> values = new ConcurrentSkipListMap<>();
    private volatile boolean away;

    @Override
    public Optional<String> get(String key) {
        requireReachable();
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public void put(String key, String value) {
        requireWithinBounds(key, value);
        values.put(key, value);
    }

    @Override
    public boolean putIfAbsent(String key, String value) {
        requireWithinBounds(key, value);
        return values.putIfAbsent(key, value) == null;
    }

    @Override
    public void remove(String key) {
        requireReachable();
        values.remove(key);
    }

    /** From now on every access fails with UNAVAILABLE, or no longer. */
    public void setAway(boolean newAway) {
        away = newAway;
    }

    public Map<String, String> asMap() {
        return new TreeMap<>(values);
    }

    private void requireReachable() {
        if (away) {
            throw HelixException.unavailable("the store is away");
        }
    }

    private void requireWithinBounds(String key, String value) {
        requireReachable();
        if (key.length() > MAX_KEY || value.getBytes(StandardCharsets.UTF_8).length > MAX_VALUE) {
            throw HelixException.invalid("state '" + key + "' is over the bounds of AgentState");
        }
    }
}
