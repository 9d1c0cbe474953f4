package io.helix.api.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** API keys; only digests of the secrets. */
@ProviderType
public interface ApiKeys {
    void add(ApiKey key);

    Optional<ApiKey> find(String id);

    List<ApiKey> all();

    boolean delete(String id);

    /**
     * @param profile the profile it belongs to, or {@code *} for all
     * @param roles e.g. {@code admin}, {@code operator}, {@code viewer}
     * @param scopes {@code read}, {@code write}, {@code admin}; they only narrow
     * @param digest hex SHA-256 of the secret part
     */
    record ApiKey(
            String id,
            String name,
            String profile,
            Set<String> roles,
            Set<String> scopes,
            String digest,
            Instant created,
            @Nullable Instant expires) {
        public ApiKey {
            roles = Set.copyOf(roles);
            scopes = Set.copyOf(scopes);
        }
    }
}
