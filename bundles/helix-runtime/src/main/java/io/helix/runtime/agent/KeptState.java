package io.helix.runtime.agent;

import io.helix.api.HelixException;
import io.helix.api.agent.AgentState;
import io.helix.api.store.AgentStates;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
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
    public void put(String key, String value) {
        quotas.require(profile, agent, boundedValue(value));
        states.put(profile, agent, bounded(key), value, null);
    }

    @Override
    public void put(String key, String value, Duration timeToLive) {
        if (timeToLive.isNegative() || timeToLive.isZero()) {
            throw HelixException.invalid("a time to live is positive, not " + timeToLive);
        }
        quotas.require(profile, agent, boundedValue(value));
        states.put(profile, agent, bounded(key), value, clock.instant().plus(timeToLive));
    }

    @Override
    public boolean putIfAbsent(String key, String value) {
        quotas.require(profile, agent, boundedValue(value));
        return states.putIfAbsent(profile, agent, bounded(key), value, clock.instant());
    }

    @Override
    public void remove(String key) {
        states.remove(profile, agent, bounded(key));
    }

    @Override
    public List<String> keys(String prefix, int limit) {
        return states.keys(profile, agent, prefix, limit, clock.instant());
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
