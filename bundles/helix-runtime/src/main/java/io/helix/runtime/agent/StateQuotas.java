package io.helix.runtime.agent;

import io.helix.api.HelixException;
import io.helix.api.store.AgentStates;
import io.helix.api.store.AgentStates.Change;
import io.helix.api.store.AgentStates.Usage;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Bounds what each agent keeps. Between two looks into the store it counts every write as a new value, which is never
 * too little, so the store has to count only when the bound may be near. Thread safe.
 */
public final class StateQuotas {
    private static final Usage MOST = new Usage(10_000, 16L * 1024 * 1024);
    private static final int REMEMBERED = 10_000;

    private record Owner(String profile, String agent) {}

    private final AgentStates states;
    private final InstantSource clock;
    private final Usage most;
    private final Map<Owner, Usage> counted = new ConcurrentHashMap<>();

    public StateQuotas(AgentStates states, InstantSource clock) {
        this(states, clock, MOST);
    }

    StateQuotas(AgentStates states, InstantSource clock, Usage most) {
        this.states = states;
        this.clock = clock;
        this.most = most;
    }

    /**
     * All or nothing; fails with CONFLICT when the agent would keep too much.
     *
     * @param more what the changes add at most
     */
    void change(String profile, String agent, Usage more, List<Change> changes) {
        if (hasRoom(profile, agent, more, true)) {
            states.change(profile, agent, changes);
        } else {
            changeWithin(profile, agent, changes, false);
        }
    }

    /** As {@link #change}, of one value that is put only if its key is absent. */
    boolean putIfAbsent(String profile, String agent, Usage more, Change value) {
        if (!hasRoom(profile, agent, more, true)) {
            changeWithin(profile, agent, List.of(value), true);
        }
        return states.putIfAbsent(profile, agent, value.key(), String.valueOf(value.value()), clock.instant());
    }

    /**
     * Fails with CONFLICT when the agent would keep too much after these changes.
     *
     * @param more what the changes add at most
     * @param changes asked for only when the bound may be near
     */
    void check(String profile, String agent, Usage more, Supplier<List<Change>> changes) {
        if (!hasRoom(profile, agent, more, false)) {
            changeWithin(profile, agent, changes.get(), true);
        }
    }

    /** By what is counted: false when only the store can tell. */
    private boolean hasRoom(String profile, String agent, Usage more, boolean isTaken) {
        if (counted.size() > REMEMBERED) {
            counted.clear();
        }
        Owner owner = new Owner(profile, agent);
        AtomicBoolean hasRoom = new AtomicBoolean();
        counted.compute(owner, (key, known) -> {
            Usage before = known == null ? states.clean(profile, agent, clock.instant()) : known;
            Usage after = plus(before, more);
            hasRoom.set(after.isWithin(most));
            return isTaken && hasRoom.get() ? after : before;
        });
        return hasRoom.get();
    }

    /** One at a time for each agent, so that two do not find the same room. */
    private void changeWithin(String profile, String agent, List<Change> changes, boolean isTrial) {
        counted.compute(new Owner(profile, agent), (owner, known) -> {
            Usage after = states.changeWithin(profile, agent, changes, clock.instant(), most, isTrial);
            if (!after.isWithin(most)) {
                throw HelixException.conflict("agent '" + agent + "' keeps as much as it may: " + most.keys()
                        + " keys and " + most.characters() + " characters");
            }
            return after;
        });
    }

    private static Usage plus(Usage usage, Usage more) {
        return new Usage(usage.keys() + more.keys(), usage.characters() + more.characters());
    }
}
