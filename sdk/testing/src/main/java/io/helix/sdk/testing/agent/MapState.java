package io.helix.sdk.testing.agent;

import io.helix.api.HelixException;
import io.helix.api.agent.AgentState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** State in memory, with the bounds of the real one. */
public final class MapState implements AgentState {
    private static final int MAX_KEY = 300;
    private static final int MAX_VALUE = 64 * 1024;

    private static final int MAX_KEYS = 10_000;
    private static final long MAX_CHARACTERS = 16L * 1024 * 1024;

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
    public void change(Collection<Change> changes) {
        check(changes);
        changes.forEach(this::make);
    }

    @Override
    public void check(Collection<Change> changes) {
        requireReachable();
        changes.forEach(change -> requireWithinBounds(change.key(), change.value()));
        removeExpired();
        Map<String, String> after = new HashMap<>(values);
        changes.forEach(change -> {
            if (change.value() == null) {
                after.remove(change.key());
            } else {
                after.put(change.key(), change.value());
            }
        });
        requireWithinQuota(after);
    }

    private static void requireWithinQuota(Map<String, String> values) {
        long characters = values.values().stream().mapToLong(String::length).sum();
        if (values.size() > MAX_KEYS || characters > MAX_CHARACTERS) {
            throw HelixException.conflict(
                    "the agent keeps as much as it may: " + MAX_KEYS + " keys and " + MAX_CHARACTERS + " characters");
        }
    }

    private void make(Change change) {
        ends.remove(change.key());
        if (change.value() == null) {
            values.remove(change.key());
            return;
        }
        values.put(change.key(), change.value());
        if (change.timeToLive() != null) {
            ends.put(change.key(), clock.instant().plus(change.timeToLive()));
        }
    }

    @Override
    public boolean putIfAbsent(String key, String value) {
        check(List.of(new Change(key, value, null)));
        return values.putIfAbsent(key, value) == null;
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

    private static void requireWithinBounds(String key, @Nullable String value) {
        if (key.length() > MAX_KEY || value != null && value.getBytes(StandardCharsets.UTF_8).length > MAX_VALUE) {
            throw HelixException.invalid("state '" + key + "' is over the bounds of AgentState");
        }
    }
}
