package io.helix.runtime.fact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The facts of one profile and how they became so; never changes. */
final class Ledger {
    /** @param value MissingNode when the fact was removed */
    record Change(Instant time, JsonNode value, String author) {
        boolean removes() {
            return value.isMissingNode();
        }
    }

    /** What held from one change to the next. */
    private record Span(Instant from, Instant until, ObjectNode held) {
        boolean contains(Instant time) {
            return !time.isBefore(from) && time.isBefore(until);
        }
    }

    private final Map<String, List<Change>> changes;
    private final NavigableSet<Instant> times = new TreeSet<>();
    private final Span now;
    /** The last one that was asked for beside now: times of the past go on in order. */
    private volatile Span past;

    /** @param changes of each name, oldest first, none of them empty; of those of one moment the last one counts */
    Ledger(Map<String, List<Change>> changes) {
        this.changes = Map.copyOf(changes);
        changes.values().forEach(all -> all.forEach(change -> times.add(change.time())));
        this.now = span(Instant.MAX.minusNanos(1));
        this.past = now;
    }

    Ledger with(String name, List<Change> changed) {
        Map<String, List<Change>> all = new HashMap<>(changes);
        all.put(name, List.copyOf(changed));
        return new Ledger(all);
    }

    /** What held then, with the changes of that very moment. */
    ObjectNode at(Instant time) {
        if (now.contains(time)) {
            return now.held();
        }
        Span known = past;
        if (!known.contains(time)) {
            known = span(time);
            past = known;
        }
        return known.held();
    }

    private Span span(Instant time) {
        Instant from = times.floor(time);
        Instant until = times.higher(time);
        return new Span(from == null ? Instant.MIN : from, until == null ? Instant.MAX : until, held(time));
    }

    private ObjectNode held(Instant time) {
        ObjectNode held = JsonNodeFactory.instance.objectNode();
        changes.forEach((name, all) -> all.stream()
                .filter(change -> !change.time().isAfter(time))
                .reduce((earlier, later) -> later)
                .filter(change -> !change.removes())
                .ifPresent(change -> held.set(name, change.value())));
        return held;
    }

    /** Oldest first; empty for a name that is not known. */
    List<Change> changes(String name) {
        return changes.getOrDefault(name, List.of());
    }

    /** Of the facts that are set, and of those that were. */
    Stream<String> names() {
        return changes.keySet().stream();
    }

    int size() {
        return changes.size();
    }
}
