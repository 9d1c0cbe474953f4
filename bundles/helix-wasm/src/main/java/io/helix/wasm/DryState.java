package io.helix.wasm;

import io.helix.api.HelixException;
import io.helix.api.agent.AgentState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/** The state of an agent that is forgotten, and what became of it. */
final class DryState implements AgentState {
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
    public void change(Collection<Change> wanted) {
        check(wanted);
        for (Change change : wanted) {
            if (change.value() == null) {
                stored.remove(change.key());
            } else {
                stored.put(change.key(), change.value());
            }
            changes.add(change);
        }
    }

    @Override
    public void check(Collection<Change> wanted) {
        Set<String> after = new HashSet<>(stored.keySet());
        for (Change change : wanted) {
            if (change.value() == null) {
                after.remove(change.key());
            } else {
                after.add(change.key());
            }
        }
        if (after.size() > most) {
            throw HelixException.conflict("a trial run keeps at most " + most + " values");
        }
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
    public List<String> keys(String prefix, int limit) {
        return stored.tailMap(prefix, true).keySet().stream()
                .takeWhile(key -> key.startsWith(prefix))
                .limit(limit)
                .toList();
    }
}
