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
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * What is known in a profile beside its events: a value for a name, until it is changed. Expressions see what held at the
 * time that they are about, so that the same events come to the same whenever they are looked at again. Durable, thread
 * safe; one change at a time.
 *
 * <p>The changes of the last days are kept for that, but for each fact a bounded number. Before the oldest that is known,
 * a fact counts as not set.
 */
public final class Facts {
    static final int MOST = 1_000;
    static final int LONGEST = 1_024;
    static final int MOST_CHANGES = 100;
    /** A little longer than the longest time that a rule looks back. */
    static final Duration KEPT = Duration.ofDays(8);

    private static final String OWNER = "~facts";
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]{0,62}");

    private final AgentStates states;
    private final InstantSource clock;
    private final Map<String, Ledger> ledgers = new ConcurrentHashMap<>();

    public Facts(AgentStates states, InstantSource clock) {
        this.states = states;
        this.clock = clock;
    }

    /** The facts of a profile at one time, by name. Must not be changed. */
    public ObjectNode at(String profile, Instant time) {
        return ledger(profile).at(time);
    }

    /** By name. */
    public List<Fact> list(String profile) {
        Ledger ledger = ledger(profile);
        return ledger.names()
                .sorted()
                .flatMap(name -> fact(ledger, name).stream())
                .toList();
    }

    public Optional<Fact> find(String profile, String name) {
        return fact(ledger(profile), name);
    }

    private static Optional<Fact> fact(Ledger ledger, String name) {
        return ledger.changes(name).stream()
                .reduce((earlier, later) -> later)
                .filter(change -> !change.removes())
                .map(change -> new Fact(name, change.value(), change.time(), change.author()));
    }

    /**
     * Sets a fact from now on. Setting what it is already changes nothing.
     *
     * @throws HelixException INVALID for what is no name or no value of a fact, and for a new one when there are 1,000
     */
    public synchronized Fact set(String profile, String name, JsonNode value, String author) {
        requireName(name);
        requireValue(name, value);
        Optional<Fact> before = find(profile, name);
        if (before.filter(fact -> fact.value().equals(value)).isPresent()) {
            return before.get();
        }
        if (before.isEmpty()) {
            requireRoom(profile);
        }
        Change change = change(profile, name, value.deepCopy(), author);
        return new Fact(name, change.value(), change.time(), author);
    }

    private void requireRoom(String profile) {
        if (ledger(profile).size() >= MOST) {
            ledgers.put(profile, read(profile));
        }
        if (ledger(profile).size() >= MOST) {
            throw HelixException.invalid("profile '" + profile + "' has " + MOST
                    + " facts, with those removed in the last " + KEPT.toDays() + " days: no other can be set");
        }
    }

    /** False when it is not set. */
    public synchronized boolean remove(String profile, String name, String author) {
        if (find(profile, name).isEmpty()) {
            return false;
        }
        change(profile, name, MissingNode.getInstance(), author);
        return true;
    }

    public static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw HelixException.invalid("'" + name + "' is not a name of a fact: use 1 to 63 of a-z, A-Z, 0-9 and '_',"
                    + " not beginning with a digit, so that expressions can say facts.name");
        }
    }

    public static void requireValue(String name, JsonNode value) {
        if (value.isNull() || value.isMissingNode()) {
            throw HelixException.invalid("fact '" + name + "' cannot be null: remove it, or set it to false");
        }
        int length = value.toString().length();
        if (length > LONGEST) {
            throw HelixException.invalid(
                    "fact '" + name + "' has " + length + " characters as JSON; " + LONGEST + " are allowed");
        }
    }

    private Change change(String profile, String name, JsonNode value, String author) {
        Ledger ledger = ledger(profile);
        List<Change> changes = new ArrayList<>(ledger.changes(name));
        // In whole milliseconds, as the log tells its times: what is published after a change must not seem to be
        // before it.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant last = changes.isEmpty() ? Instant.MIN : changes.getLast().time();
        // A clock that was set back must not put a change before the one that it follows.
        Change change = new Change(now.isAfter(last) ? now : last, value, author);
        changes.add(change);
        List<Change> recent = recent(changes, now);
        states.put(profile, OWNER, name, write(recent).toString(), null);
        ledgers.put(profile, ledger.with(name, recent));
        return change;
    }

    /** What still matters: what held at the beginning of the time that is kept, and all that came after. */
    private static List<Change> recent(List<Change> changes, Instant now) {
        Instant oldest = now.minus(KEPT);
        int first = Math.max(0, changes.size() - MOST_CHANGES);
        while (first + 1 < changes.size() && !changes.get(first + 1).time().isAfter(oldest)) {
            first++;
        }
        return changes.subList(first, changes.size());
    }

    /** Forgets all; for a profile that is deleted. */
    public synchronized void clear(String profile) {
        ledger(profile).names().forEach(name -> states.remove(profile, OWNER, name));
        ledgers.remove(profile);
    }

    // --- store

    private Ledger ledger(String profile) {
        Ledger known = ledgers.get(profile);
        return known != null ? known : load(profile);
    }

    private synchronized Ledger load(String profile) {
        return ledgers.computeIfAbsent(profile, this::read);
    }

    private Ledger read(String profile) {
        Instant now = clock.instant();
        Instant oldest = now.minus(KEPT);
        Map<String, List<Change>> changes = new HashMap<>();
        for (String name : states.keys(profile, OWNER, "", Integer.MAX_VALUE, now)) {
            List<Change> all =
                    states.get(profile, OWNER, name, now).map(Facts::parse).orElse(List.of());
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
