package io.helix.sdk.testing.store;

import io.helix.api.HelixException;
import io.helix.api.store.CipherTexts;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

final class InMemoryCipherTexts implements CipherTexts {
    private final InMemoryStore.Outage outage;
    private final TreeMap<String, TreeMap<String, TreeMap<Integer, CipherText>>> profiles = new TreeMap<>();

    InMemoryCipherTexts(InMemoryStore.Outage outage) {
        this.outage = outage;
    }

    @Override
    public synchronized void add(CipherText text, int keep) {
        TreeMap<Integer, CipherText> versions =
                names(text.profile()).computeIfAbsent(text.name(), name -> new TreeMap<>());
        if (versions.putIfAbsent(text.version(), stored(text)) != null) {
            throw HelixException.conflict("version " + text.version() + " of '" + text.name() + "' is there already");
        }
        while (versions.size() > Math.max(keep, 1)) {
            versions.pollFirstEntry();
        }
    }

    private static CipherText stored(CipherText text) {
        return new CipherText(
                text.profile(),
                text.name(),
                text.version(),
                text.text(),
                text.author(),
                InMemoryStore.stored(text.created()));
    }

    @Override
    public synchronized Optional<CipherText> newest(String profile, String name) {
        return Optional.ofNullable(names(profile).get(name))
                .map(versions -> versions.lastEntry().getValue());
    }

    @Override
    public synchronized List<CipherText> all(String profile) {
        return names(profile).values().stream()
                .map(versions -> versions.lastEntry().getValue())
                .toList();
    }

    @Override
    public synchronized boolean delete(String profile, String name) {
        return names(profile).remove(name) != null;
    }

    private TreeMap<String, TreeMap<Integer, CipherText>> names(String profile) {
        outage.check();
        return profiles.computeIfAbsent(profile, name -> new TreeMap<>());
    }
}
