package io.helix.runtime.agent;

import io.helix.api.HelixException;
import io.helix.api.store.AgentStates;
import io.helix.api.store.AgentStates.Change;
import io.helix.api.store.AgentStates.Usage;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what each agent keeps. Between two looks into the store it counts every write as a new value, which is never
 * too little, so the store has to count only when the bound may be near. Thread safe.
 */
public final class StateQuotas {
    private static final Usage MOST = new Usage(10_000, 16L * 1024 * 1024);
    private static final int REMEMBERED = 10_000;

    private record Owner(String profile, String agent) {}

    /** What one agent keeps, at most; null until the store was asked. Used under its lock, as are all its writes. */
    private static final class Counted {
        final ReentrantLock lock = new ReentrantLock();

        @Nullable
        Usage usage;
    }

    private final AgentStates states;
    private final InstantSource clock;
    private final Usage most;
    private final Map<Owner, Counted> counted = new ConcurrentHashMap<>();

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
        Counted kept = lock(profile, agent);
        try {
            Usage after = plus(usage(kept, profile, agent), more);
            if (after.isWithin(most)) {
                states.change(profile, agent, changes);
            } else {
                after = required(agent, states.changeWithin(profile, agent, changes, clock.instant(), most));
            }
            kept.usage = after;
        } finally {
            kept.lock.unlock();
        }
    }

    /** As {@link #change}, of one value that is put only if its key is absent. */
    boolean putIfAbsent(String profile, String agent, Usage more, Change value) {
        Counted kept = lock(profile, agent);
        try {
            Usage after = room(kept, profile, agent, more, () -> List.of(value));
            boolean isPut =
                    states.putIfAbsent(profile, agent, value.key(), String.valueOf(value.value()), clock.instant());
            if (isPut) {
                kept.usage = after;
            }
            return isPut;
        } finally {
            kept.lock.unlock();
        }
    }

    /**
     * Fails with CONFLICT when the agent would keep too much after these changes.
     *
     * @param more what the changes add at most
     * @param changes asked for only when the bound may be near
     */
    void check(String profile, String agent, Usage more, Supplier<List<Change>> changes) {
        Counted kept = lock(profile, agent);
        try {
            room(kept, profile, agent, more, changes);
        } finally {
            kept.lock.unlock();
        }
    }

    private Counted lock(String profile, String agent) {
        if (counted.size() > REMEMBERED) {
            counted.clear();
        }
        Counted kept = counted.computeIfAbsent(new Owner(profile, agent), owner -> new Counted());
        kept.lock.lock();
        return kept;
    }

    private Usage usage(Counted kept, String profile, String agent) {
        Usage known = kept.usage;
        if (known == null) {
            known = states.clean(profile, agent, clock.instant());
            kept.usage = known;
        }
        return known;
    }

    private Usage room(Counted kept, String profile, String agent, Usage more, Supplier<List<Change>> changes) {
        Usage after = plus(usage(kept, profile, agent), more);
        return after.isWithin(most)
                ? after
                : required(agent, states.usageAfter(profile, agent, changes.get(), clock.instant()));
    }

    private Usage required(String agent, Usage after) {
        if (!after.isWithin(most)) {
            throw HelixException.conflict("agent '" + agent + "' keeps as much as it may: " + most.keys() + " keys and "
                    + most.characters() + " characters");
        }
        return after;
    }

    private static Usage plus(Usage usage, Usage more) {
        return new Usage(usage.keys() + more.keys(), usage.characters() + more.characters());
    }
}
