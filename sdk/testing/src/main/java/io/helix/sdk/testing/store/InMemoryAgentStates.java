package io.helix.sdk.testing.store;

import io.helix.api.store.AgentStates;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

final class InMemoryAgentStates implements AgentStates {
    private final InMemoryStore.Outage outage;
    private final Map<Place, Kept> values = new ConcurrentHashMap<>();

    InMemoryAgentStates(InMemoryStore.Outage outage) {
        this.outage = outage;
    }

    @Override
    public Optional<String> get(String profile, String agent, String key, Instant now) {
        outage.check();
        return Optional.ofNullable(values.get(new Place(profile, agent, key)))
                .filter(kept -> kept.isAlive(now))
                .map(Kept::value);
    }

    @Override
    public void put(String profile, String agent, String key, String value, @Nullable Instant expires) {
        outage.check();
        values.put(new Place(profile, agent, key), new Kept(value, expires));
    }

    @Override
    public boolean putIfAbsent(String profile, String agent, String key, String value, Instant now) {
        outage.check();
        Place place = new Place(profile, agent, key);
        values.computeIfPresent(place, (p, kept) -> kept.isAlive(now) ? kept : null);
        return values.putIfAbsent(place, new Kept(value, null)) == null;
    }

    @Override
    public void remove(String profile, String agent, String key) {
        outage.check();
        values.remove(new Place(profile, agent, key));
    }

    @Override
    public List<String> keys(String profile, String agent, String prefix, int limit, Instant now) {
        outage.check();
        return values.entrySet().stream()
                .filter(entry -> entry.getKey().isOf(profile, agent))
                .filter(entry -> entry.getValue().isAlive(now))
                .map(entry -> entry.getKey().key())
                .filter(key -> key.startsWith(prefix))
                .sorted()
                .limit(limit)
                .toList();
    }

    @Override
    public Usage clean(String profile, String agent, Instant now) {
        outage.check();
        values.entrySet()
                .removeIf(entry ->
                        entry.getKey().isOf(profile, agent) && !entry.getValue().isAlive(now));
        long keys = 0;
        long characters = 0;
        for (Map.Entry<Place, Kept> entry : values.entrySet()) {
            if (entry.getKey().isOf(profile, agent)) {
                keys++;
                characters += entry.getValue().value().length();
            }
        }
        return new Usage(keys, characters);
    }

    private record Place(String profile, String agent, String key) {
        boolean isOf(String otherProfile, String otherAgent) {
            return profile.equals(otherProfile) && agent.equals(otherAgent);
        }
    }

    private record Kept(String value, @Nullable Instant expires) {
        boolean isAlive(Instant now) {
            return expires == null || expires.isAfter(now);
        }
    }
}
