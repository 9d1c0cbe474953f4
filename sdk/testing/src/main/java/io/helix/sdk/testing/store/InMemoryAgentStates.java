package io.helix.sdk.testing.store;

import io.helix.api.store.AgentStates;
import java.time.Instant;
import java.util.HashMap;
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
    public void change(String profile, String agent, List<Change> changes) {
        outage.check();
        changes.forEach(change -> make(values, new Place(profile, agent, change.key()), change));
    }

    private static void make(Map<Place, Kept> target, Place place, Change change) {
        if (change.value() == null) {
            target.remove(place);
        } else {
            target.put(place, new Kept(change.value(), change.expires()));
        }
    }

    @Override
    public Usage changeWithin(String profile, String agent, List<Change> changes, Instant now, Usage most) {
        Usage usage = usageAfter(profile, agent, changes, now);
        if (usage.isWithin(most)) {
            clean(profile, agent, now);
            change(profile, agent, changes);
        }
        return usage;
    }

    @Override
    public Usage usageAfter(String profile, String agent, List<Change> changes, Instant now) {
        outage.check();
        Map<Place, Kept> after = new HashMap<>();
        values.forEach((place, kept) -> {
            if (place.isOf(profile, agent) && kept.isAlive(now)) {
                after.put(place, kept);
            }
        });
        changes.forEach(change -> make(after, new Place(profile, agent, change.key()), change));
        long characters =
                after.values().stream().mapToLong(kept -> kept.value().length()).sum();
        return new Usage(after.size(), characters);
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
