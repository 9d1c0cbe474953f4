package io.helix.runtime.agent;

import io.helix.api.HelixException;
import io.helix.api.store.AgentStates;
import io.helix.api.store.AgentStates.Usage;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bounds what each agent keeps. Between two looks into the store it counts every write as a new value, which is never
 * too little, so the store is asked only when the bound may be near. Thread safe.
 */
public final class StateQuotas {
    private static final Usage MOST = new Usage(10_000, 16L * 1024 * 1024);
    private static final int REMEMBERED = 10_000;

    private record Owner(String profile, String agent) {}

    private final AgentStates states;
    private final InstantSource clock;
    private final Map<Owner, Usage> counted = new ConcurrentHashMap<>();

    public StateQuotas(AgentStates states, InstantSource clock) {
        this.states = states;
        this.clock = clock;
    }

    /** Counts a write; fails with CONFLICT when the agent keeps too much. */
    void require(String profile, String agent, String value) {
        if (counted.size() > REMEMBERED) {
            counted.clear();
        }
        counted.compute(new Owner(profile, agent), (owner, known) -> {
            Usage after = known == null ? counted(owner, value) : plus(known, value);
            if (isOver(after)) {
                after = counted(owner, value);
            }
            if (isOver(after)) {
                throw HelixException.conflict("agent '" + agent + "' keeps as much as it may: " + MOST.keys()
                        + " keys and " + MOST.characters() + " characters");
            }
            return after;
        });
    }

    private Usage counted(Owner owner, String value) {
        return plus(states.clean(owner.profile(), owner.agent(), clock.instant()), value);
    }

    private static Usage plus(Usage usage, String value) {
        return new Usage(usage.keys() + 1, usage.characters() + value.length());
    }

    private static boolean isOver(Usage usage) {
        return usage.keys() > MOST.keys() || usage.characters() > MOST.characters();
    }
}
