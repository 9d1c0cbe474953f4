package io.helix.sdk.testing.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.document.Kind;
import io.helix.api.store.Store;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class InMemoryStoreTest extends StoreContract {
    private final InMemoryStore store = new InMemoryStore();

    @Override
    protected Store store() {
        return store;
    }

    @Test
    void everyCallFailsWhileItIsAway() {
        store.away(true);
        assertThatThrownBy(() -> store.documents().all(Kind.RULE))
                .isInstanceOfSatisfying(
                        HelixException.class,
                        e -> Assertions.assertThat(e.kind()).isEqualTo(ErrorKind.UNAVAILABLE));
        store.away(false);
        Assertions.assertThat(store.documents().all(Kind.RULE)).isEmpty();
    }
}
