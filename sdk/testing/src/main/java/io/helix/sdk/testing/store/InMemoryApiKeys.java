package io.helix.sdk.testing.store;

import io.helix.api.HelixException;
import io.helix.api.store.ApiKeys;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

final class InMemoryApiKeys implements ApiKeys {
    private final InMemoryStore.Outage outage;
    private final Map<String, ApiKey> keys = new ConcurrentHashMap<>();

    InMemoryApiKeys(InMemoryStore.Outage outage) {
        this.outage = outage;
    }

    @Override
    public void add(ApiKey key) {
        outage.check();
        if (keys.putIfAbsent(key.id(), stored(key)) != null) {
            throw HelixException.conflict("API key " + key.id() + " is there already");
        }
    }

    private static ApiKey stored(ApiKey key) {
        return new ApiKey(
                key.id(),
                key.name(),
                key.profile(),
                key.roles(),
                key.scopes(),
                key.digest(),
                InMemoryStore.stored(key.created()),
                key.expires() == null ? null : InMemoryStore.stored(key.expires()));
    }

    @Override
    public Optional<ApiKey> find(String id) {
        outage.check();
        return Optional.ofNullable(keys.get(id));
    }

    @Override
    public List<ApiKey> all() {
        outage.check();
        return keys.values().stream()
                .sorted(Comparator.comparing(ApiKey::created).thenComparing(ApiKey::id))
                .toList();
    }

    @Override
    public boolean delete(String id) {
        outage.check();
        return keys.remove(id) != null;
    }
}
