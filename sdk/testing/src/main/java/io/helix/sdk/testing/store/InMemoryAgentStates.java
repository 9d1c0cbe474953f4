package io.helix.sdk.testing.store;

import io.helix.api.store.AgentStates;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

final class InMemoryAgentStates implements AgentStates {
    private final InMemoryStore.Outage outage;
    private final Map<Place, String> values = new ConcurrentHashMap<>();

    InMemoryAgentStates(InMemoryStore.Outage outage) {
        this.outage = outage;
    }

    @Override
    public Optional<String> get(String profile, String agent, String key) {
        outage.check();
        return Optional.ofNullable(values.get(new Place(profile, agent, key)));
    }

    @Override
    public void put(String profile, String agent, String key, String value) {
        outage.check();
        values.put(new Place(profile, agent, key), value);
    }

    @Override
    public boolean putIfAbsent(String profile, String agent, String key, String value) {
        outage.check();
        return values.putIfAbsent(new Place(profile, agent, key), value) == null;
    }

    @Override
    public void remove(String profile, String agent, String key) {
        outage.check();
        values.remove(new Place(profile, agent, key));
    }

    private record Place(String profile, String agent, String key) {}
}
