package io.helix.wasm;

import io.helix.api.HelixException;
import io.helix.api.agent.AgentState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The state of an agent that is forgotten, and what became of it. */
final class DryState implements AgentState {
    /** @param removed whether the key was removed, else it was stored */
    record Change(String key, boolean removed, Duration timeToLive) {}

    private final int most;
    private final ConcurrentSkipListMap<String, String> stored = new ConcurrentSkipListMap<>();
    private final List<Change> changes = new ArrayList<>();

    DryState(int most) {
        this.most = most;
    }

    /** Since it was made, or since {@link #begin()}. */
    List<Change> changes() {
        return List.copyOf(changes);
    }

    /** What is there now is what an agent finds. */
    void begin() {
        changes.clear();
    }

    @Override
    public Optional<String> get(String key) {
        return Optional.ofNullable(stored.get(key));
    }

    @Override
    public void put(String key, String value) {
        put(key, value, Duration.ZERO);
    }

    @Override
    public void put(String key, String value, Duration timeToLive) {
        requireRoom();
        stored.put(key, value);
        changes.add(new Change(key, false, timeToLive));
    }

    @Override
    public boolean putIfAbsent(String key, String value) {
        if (stored.containsKey(key)) {
            return false;
        }
        put(key, value);
        return true;
    }

    @Override
    public void remove(String key) {
        stored.remove(key);
        changes.add(new Change(key, true, Duration.ZERO));
    }

    @Override
    public List<String> keys(String prefix, int limit) {
        return stored.tailMap(prefix, true).keySet().stream()
                .takeWhile(key -> key.startsWith(prefix))
                .limit(limit)
                .toList();
    }

    private void requireRoom() {
        if (stored.size() >= most) {
            throw HelixException.conflict("a trial run keeps at most " + most + " values");
        }
    }
}
