package io.helix.runtime.fact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.control.ControlPlane.Fact;
import io.helix.api.event.EventFormat;
import io.helix.api.store.AgentStates;
import io.helix.runtime.fact.Ledger.Change;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The facts of one profile, durable. One change at a time; whoever asks meanwhile for a time that may be after it waits
 * for its outcome, so that what is seen now is what is seen when the same time is looked at again.
 */
final class Book {
    static final int MOST = 1_000;
    static final int MOST_CHANGES = 100;
    /** A little longer than a rule can look back, with its window, throttle and lateness. */
    static final Duration KEPT = Duration.ofDays(16);

    private static final String OWNER = "~facts";
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final AgentStates states;
    private final InstantSource clock;
    private final String profile;
    private volatile Ledger ledger;
    /** The time from which on facts are being changed. */
    private volatile Instant changing = Instant.MAX;
    /** The store failed to answer, so that it may have what it was told or not. */
    private boolean doubtful;

    /** Reads what is kept. */
    Book(AgentStates states, InstantSource clock, String profile) {
        this.states = states;
        this.clock = clock;
        this.profile = profile;
        this.ledger = read();
    }

    ObjectNode at(Instant time) {
        return time.isBefore(changing) ? ledger.at(time) : afterChange(time);
    }

    private synchronized ObjectNode afterChange(Instant time) {
        return ledger.at(time);
    }

    List<Fact> list() {
        Ledger known = ledger;
        return known.names()
                .sorted()
                .flatMap(name -> fact(known, name).stream())
                .toList();
    }

    Optional<Fact> find(String name) {
        return fact(ledger, name);
    }

    private static Optional<Fact> fact(Ledger ledger, String name) {
        return ledger.changes(name).stream()
                .reduce((earlier, later) -> later)
                .filter(change -> !change.removes())
                .map(change -> new Fact(name, change.value(), change.time(), change.author()));
    }

    synchronized Fact set(String name, JsonNode value, String author) {
        settleDoubt();
        Optional<Fact> before = find(name);
        if (before.filter(fact -> fact.value().equals(value)).isPresent()) {
            return before.get();
        }
        if (before.isEmpty()) {
            requireRoom();
        }
        Change change = change(name, value.deepCopy(), author);
        return new Fact(name, change.value(), change.time(), author);
    }

    private void requireRoom() {
        if (ledger.size() >= MOST) {
            ledger = read();
        }
        if (ledger.size() >= MOST) {
            throw HelixException.invalid("profile '" + profile + "' has " + MOST
                    + " facts, with those removed in the last " + KEPT.toDays() + " days: no other can be set");
        }
    }

    synchronized boolean remove(String name, String author) {
        settleDoubt();
        if (find(name).isEmpty()) {
            return false;
        }
        change(name, MissingNode.getInstance(), author);
        return true;
    }

    private void settleDoubt() {
        if (doubtful) {
            ledger = read();
            doubtful = false;
        }
    }

    private Change change(String name, JsonNode value, String author) {
        // In this order: an event that is stored after the time was taken is not looked at before the change is made.
        changing = Instant.MIN;
        try {
            Change change = new Change(wholeMillisecond(clock.instant()), value, author);
            changing = change.time();
            List<Change> recent = with(ledger.changes(name), change);
            doubtful = true;
            states.put(profile, OWNER, name, write(recent).toString(), null);
            doubtful = false;
            ledger = ledger.with(name, recent);
            awaitTime(change.time());
            return change;
        } finally {
            changing = Instant.MAX;
        }
    }

    /** As the log tells its times, and not before now: what was stored before the change is before it. */
    private static Instant wholeMillisecond(Instant now) {
        return now.plusNanos(MILLI - 1).truncatedTo(ChronoUnit.MILLIS);
    }

    /** What is published once the change is confirmed is after it. */
    private void awaitTime(Instant time) {
        long longest = System.nanoTime() + MILLI;
        while (clock.instant().isBefore(time) && System.nanoTime() < longest) {
            LockSupport.parkNanos(MILLI / 10);
        }
    }

    /**
     * What still matters: what held at the beginning of the time that is kept, and all that came after. What seems to be
     * later than the change was made before the clock was set back.
     */
    private static List<Change> with(List<Change> before, Change change) {
        List<Change> changes = new ArrayList<>(before);
        changes.removeIf(other -> other.time().isAfter(change.time()));
        changes.add(change);
        Instant oldest = change.time().minus(KEPT);
        int first = Math.max(0, changes.size() - MOST_CHANGES);
        while (first + 1 < changes.size() && !changes.get(first + 1).time().isAfter(oldest)) {
            first++;
        }
        return List.copyOf(changes.subList(first, changes.size()));
    }

    synchronized void clear() {
        settleDoubt();
        ledger.names().forEach(name -> states.remove(profile, OWNER, name));
        ledger = new Ledger(Map.of());
    }

    // --- store

    private Ledger read() {
        Instant now = clock.instant();
        Instant oldest = now.minus(KEPT);
        Map<String, List<Change>> changes = new HashMap<>();
        for (String name : states.keys(profile, OWNER, "", Integer.MAX_VALUE, now)) {
            List<Change> all =
                    states.get(profile, OWNER, name, now).map(Book::parse).orElse(List.of());
            if (all.isEmpty() || isForgotten(all.getLast(), oldest)) {
                states.remove(profile, OWNER, name);
            } else {
                changes.put(name, all);
            }
        }
        return new Ledger(changes);
    }

    private static boolean isForgotten(Change last, Instant oldest) {
        return last.removes() && last.time().isBefore(oldest);
    }

    private static ArrayNode write(List<Change> changes) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (Change change : changes) {
            ObjectNode one =
                    all.addObject().put("time", change.time().toString()).put("author", change.author());
            if (!change.removes()) {
                one.set("value", change.value());
            }
        }
        return all;
    }

    private static List<Change> parse(String text) {
        List<Change> changes = new ArrayList<>();
        for (JsonNode one : EventFormat.parseOwn(text.getBytes(StandardCharsets.UTF_8))) {
            changes.add(new Change(
                    Instant.parse(one.path("time").asText()),
                    one.path("value"),
                    one.path("author").asText()));
        }
        return List.copyOf(changes);
    }
}
