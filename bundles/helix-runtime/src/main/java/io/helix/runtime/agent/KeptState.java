package io.helix.runtime.agent;

import io.helix.api.HelixException;
import io.helix.api.agent.AgentState;
import io.helix.api.store.AgentStates;
import io.helix.api.store.AgentStates.Usage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The state of one agent in the store, with its bounds. */
final class KeptState implements AgentState {
    private static final int MAX_KEY = 300;
    private static final int MAX_VALUE = 64 * 1024;

    private final AgentStates states;
    private final StateQuotas quotas;
    private final InstantSource clock;
    private final String profile;
    private final String agent;

    KeptState(AgentStates states, StateQuotas quotas, InstantSource clock, String profile, String agent) {
        this.states = states;
        this.quotas = quotas;
        this.clock = clock;
        this.profile = profile;
        this.agent = agent;
    }

    @Override
    public Optional<String> get(String key) {
        return states.get(profile, agent, bounded(key), clock.instant());
    }

    @Override
    public void change(Collection<Change> changes) {
        quotas.change(profile, agent, atMost(changes), bounded(changes));
    }

    @Override
    public void check(Collection<Change> changes) {
        quotas.check(profile, agent, atMost(changes), () -> bounded(changes));
    }

    @Override
    public boolean putIfAbsent(String key, String value) {
        Change change = new Change(key, value, null);
        return quotas.putIfAbsent(profile, agent, atMost(List.of(change)), bounded(change));
    }

    @Override
    public List<String> keys(String prefix, int limit) {
        return states.keys(profile, agent, prefix, limit, clock.instant());
    }

    /** What the changes add at most: every value counts as a new one. */
    private static Usage atMost(Collection<Change> changes) {
        long keys = 0;
        long characters = 0;
        for (Change change : changes) {
            String value = change.value();
            if (value != null) {
                keys++;
                characters += value.length();
            }
        }
        return new Usage(keys, characters);
    }

    private List<AgentStates.Change> bounded(Collection<Change> changes) {
        return changes.stream().map(this::bounded).toList();
    }

    private AgentStates.Change bounded(Change change) {
        Duration timeToLive = change.timeToLive();
        if (timeToLive != null && (timeToLive.isNegative() || timeToLive.isZero())) {
            throw HelixException.invalid("a time to live is positive, not " + timeToLive);
        }
        return new AgentStates.Change(
                bounded(change.key()),
                change.value() == null ? null : boundedValue(change.value()),
                timeToLive == null ? null : clock.instant().plus(timeToLive));
    }

    private static String bounded(String key) {
        if (key.isEmpty() || key.length() > MAX_KEY) {
            throw HelixException.invalid("a state key has 1 to " + MAX_KEY + " characters");
        }
        return key;
    }

    private static String boundedValue(String value) {
        if (value.length() > MAX_VALUE || value.getBytes(StandardCharsets.UTF_8).length > MAX_VALUE) {
            throw HelixException.invalid("a state value has at most " + MAX_VALUE + " bytes");
        }
        return value;
    }
}
