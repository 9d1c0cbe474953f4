package io.helix.sdk.testing.agent;

import io.helix.api.HelixException;
import io.helix.api.agent.AgentState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** State in memory, with the bounds of the real one. */
public final class MapState implements AgentState {
    private static final int MAX_KEY = 300;
    private static final int MAX_VALUE = 64 * 1024;

    private final InstantSource clock;
    private final ConcurrentSkipListMap<String, String> values = new ConcurrentSkipListMap<>();
    private final Map<String, Instant> ends = new ConcurrentHashMap<>();
    private volatile boolean away;

    public MapState(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Optional<String> get(String key) {
        requireReachable();
        removeExpired();
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public void put(String key, String value) {
        requireWithinBounds(key, value);
        values.put(key, value);
        ends.remove(key);
    }

    @Override
    public void put(String key, String value, Duration timeToLive) {
        requireWithinBounds(key, value);
        values.put(key, value);
        ends.put(key, clock.instant().plus(timeToLive));
    }

    @Override
    public boolean putIfAbsent(String key, String value) {
        requireWithinBounds(key, value);
        removeExpired();
        return values.putIfAbsent(key, value) == null;
    }

    @Override
    public void remove(String key) {
        requireReachable();
        values.remove(key);
    }

    @Override
    public List<String> keys(String prefix, int limit) {
        requireReachable();
        removeExpired();
        return values.tailMap(prefix, true).keySet().stream()
                .takeWhile(key -> key.startsWith(prefix))
                .limit(limit)
                .toList();
    }

    private void removeExpired() {
        Instant now = clock.instant();
        ends.forEach((key, end) -> {
            if (!end.isAfter(now)) {
                values.remove(key);
                ends.remove(key);
            }
        });
    }

    /** From now on every access fails with UNAVAILABLE, or no longer. */
    public void setAway(boolean newAway) {
        away = newAway;
    }

    public Map<String, String> asMap() {
        removeExpired();
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
