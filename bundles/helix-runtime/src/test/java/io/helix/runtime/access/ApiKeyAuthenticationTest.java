package io.helix.runtime.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.sdk.testing.store.InMemoryStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ApiKeyAuthenticationTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final InMemoryStore store = new InMemoryStore();
    private final ApiKeyAuthentication keys = new ApiKeyAuthentication(store.apiKeys(), clock());

    private InstantSource clock() {
        return now::get;
    }

    private ApiKeyAuthentication.Created key(Instant expires) {
        return keys.create("shop", "k", Set.of("viewer"), Set.of("read"), expires);
    }

    @Test
    void knowsTheKeyThatItMade() {
        String presentable = key(Instant.MAX).presentable();

        assertThat(keys.authenticate(presentable, "x")).hasValueSatisfying(caller -> {
            assertThat(caller.profile()).isEqualTo("shop");
            assertThat(caller.roles()).containsExactly("viewer");
        });
    }

    @Test
    void refusesAWrongSecret() {
        String presentable = key(Instant.MAX).presentable();
        String wrong = presentable.substring(0, presentable.length() - 1) + (presentable.endsWith("a") ? "b" : "a");

        assertThat(keys.authenticate(wrong, "x")).isEmpty();
        assertThat(keys.authenticate("", "x")).isEmpty();
        assertThat(keys.authenticate("hlx_", "x")).isEmpty();
    }

    @Test
    void refusesAKeyThatHasExpired() {
        String presentable = key(now.get().plusSeconds(60)).presentable();

        now.set(now.get().plusSeconds(61));

        assertThat(keys.authenticate(presentable, "x")).isEmpty();
    }

    @Test
    void forgetsAKeyThatWasDeletedElsewhere() {
        ApiKeyAuthentication.Created created = key(Instant.MAX);
        assertThat(keys.authenticate(created.presentable(), "x")).isPresent();

        store.apiKeys().delete(created.key().id());
        now.set(now.get().plusSeconds(10));

        assertThat(keys.authenticate(created.presentable(), "x")).isEmpty();
    }

    @Test
    void keepsOnlyADigest() {
        ApiKeyAuthentication.Created created = key(Instant.MAX);

        String secret = created.presentable().substring(created.presentable().lastIndexOf('_') + 1);
        assertThat(store.apiKeys().all().toString()).doesNotContain(secret);
    }
}
