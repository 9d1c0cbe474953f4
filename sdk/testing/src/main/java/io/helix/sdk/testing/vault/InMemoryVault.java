package io.helix.sdk.testing.vault;

import io.helix.api.HelixException;
import io.helix.api.vault.Vault;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps the newest version of each secret, in clear text. */
public final class InMemoryVault implements Vault {
    private static final int MAX_BYTES = 64 * 1024;

    /** Not a record: a secret must not be in any {@code toString}. */
    private static final class Kept {
        private final Version version;
        private final byte[] secret;

        Kept(Version version, byte[] secret) {
            this.version = version;
            this.secret = secret;
        }
    }

    private final Map<String, Map<String, Kept>> profiles = new ConcurrentHashMap<>();
    private final Clock clock;

    public InMemoryVault() {
        this(Clock.systemUTC());
    }

    public InMemoryVault(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Version put(String profile, String name, byte[] secret, String author) {
        if (secret.length < 1 || secret.length > MAX_BYTES) {
            throw HelixException.invalid("Credential '" + profile + "/" + name + "' has " + secret.length
                    + " bytes: a secret has 1 to " + MAX_BYTES);
        }
        byte[] copy = secret.clone();
        Kept kept = credentials(profile).compute(name, (key, old) -> new Kept(next(key, old, author), copy));
        return kept.version;
    }

    private Version next(String name, @Nullable Kept old, String author) {
        return new Version(name, old == null ? 1 : old.version.version() + 1, author, clock.instant());
    }

    @Override
    public List<Version> list(String profile) {
        return credentials(profile).values().stream().map(kept -> kept.version).toList();
    }

    @Override
    public <T> T use(String profile, String name, Function<byte[], T> use) {
        Kept kept = credentials(profile).get(name);
        if (kept == null) {
            throw HelixException.notFound("Profile '" + profile + "' has no credential '" + name + "'");
        }
        byte[] copy = kept.secret.clone();
        try {
            return use.apply(copy);
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }

    @Override
    public boolean delete(String profile, String name) {
        return credentials(profile).remove(name) != null;
    }

    private Map<String, Kept> credentials(String profile) {
        return profiles.computeIfAbsent(profile, key -> new ConcurrentSkipListMap<>());
    }
}
