package io.helix.runtime.agent;

import io.helix.api.HelixException;
import io.helix.api.store.AgentStates;
import io.helix.api.store.AgentStates.Change;
import io.helix.api.store.AgentStates.Usage;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
        forgetSome();
        counted.compute(new Owner(profile, agent), (owner, known) -> {
            Usage after = plus(known == null ? kept(owner) : known, more);
            if (after.isWithin(most)) {
                states.change(profile, agent, changes);
                return after;
            }
            return required(agent, states.changeWithin(profile, agent, changes, clock.instant(), most, false));
        });
    }

    /**
     * Fails with CONFLICT when the agent would keep too much after these changes.
     *
     * @param more what the changes add at most
     * @param changes asked for only when the bound may be near
     */
    void check(String profile, String agent, Usage more, Supplier<List<Change>> changes) {
        forgetSome();
        counted.compute(new Owner(profile, agent), (owner, known) -> {
            Usage before = known == null ? kept(owner) : known;
            if (!plus(before, more).isWithin(most)) {
                required(agent, states.changeWithin(profile, agent, changes.get(), clock.instant(), most, true));
            }
            return before;
        });
    }

    private void forgetSome() {
        if (counted.size() > REMEMBERED) {
            counted.clear();
        }
    }

    private Usage kept(Owner owner) {
        return states.clean(owner.profile(), owner.agent(), clock.instant());
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
