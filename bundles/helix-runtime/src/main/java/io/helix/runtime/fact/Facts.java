package io.helix.runtime.fact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.Names;
import io.helix.api.agent.AgentFacts;
import io.helix.api.control.ControlPlane.Fact;
import io.helix.api.store.AgentStates;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is known in a profile beside its events: a value for a name, until it is changed. Expressions see what held at the
 * time that they are about, so that the same events come to the same whenever they are looked at again. Durable, thread
 * safe.
 *
 * <p>The changes of the last days are kept for that, but for each fact a bounded number. Before the oldest that is known,
 * a fact counts as not set.
 */
public final class Facts {
    private final AgentStates states;
    private final InstantSource clock;
    private final Map<String, Book> books = new ConcurrentHashMap<>();

    public Facts(AgentStates states, InstantSource clock) {
        this.states = states;
        this.clock = clock;
    }

    /** Reads the facts of a profile, before its events are looked at: from then on asking for them needs no database. */
    public void open(String profile) {
        book(profile);
    }

    private Book book(String profile) {
        Book open = books.get(profile);
        return open != null ? open : books.computeIfAbsent(profile, name -> new Book(states, clock, name));
    }

    /** The facts of a profile at one time, by name. Must not be changed. */
    public ObjectNode at(String profile, Instant time) {
        return book(profile).at(time);
    }

    /** By name. */
    public List<Fact> list(String profile) {
        return book(profile).list();
    }

    public Optional<Fact> find(String profile, String name) {
        return book(profile).find(name);
    }

    /**
     * Sets a fact from now on. Setting what it is already changes nothing. What is stored after this has returned sees it.
     *
     * @throws HelixException INVALID for what is no name or no value of a fact, and for a new one when there are 1,000
     */
    public Fact set(String profile, String name, JsonNode value, String author) {
        Names.requireFact(name);
        requireValue(name, value);
        return book(profile).set(name, value, author);
    }

    /** False when it is not set. */
    public boolean remove(String profile, String name, String author) {
        return book(profile).remove(name, author);
    }

    /** Forgets all, for a profile that is made or deleted. */
    public void clear(String profile) {
        book(profile).clear();
    }

    public static void requireValue(String name, JsonNode value) {
        if (value.isNull() || value.isMissingNode()) {
            throw HelixException.invalid("fact '" + name + "' cannot be null: remove it, or set it to false");
        }
        int length = value.toString().length();
        if (length > AgentFacts.LONGEST) {
            throw HelixException.invalid("fact '" + name + "' has " + length + " characters as JSON; "
                    + AgentFacts.LONGEST + " are allowed");
        }
    }
}
