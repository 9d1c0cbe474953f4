package io.helix.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.helix.api.ErrorKind;
import io.helix.api.Health;
import io.helix.api.HelixException;
import io.helix.api.document.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class DatabaseTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    private final DataSource source = TestDatabase.h2Source("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");

    @Test
    void isStartingUntilTheDatabaseComes() {
        AtomicBoolean there = new AtomicBoolean();
        PooledConnector.Driver late = () -> {
            if (!there.get()) {
                throw new SQLException("no driver yet");
            }
            return source;
        };
        try (SqlStore store = new SqlStore(new Database(new PooledConnector(late, 2), SHORT, SHORT))) {
            assertThatThrownBy(() -> store.documents().all(Kind.RULE))
                    .isInstanceOfSatisfying(
                            HelixException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNAVAILABLE));
            assertThat(store.health().state()).isEqualTo(Health.State.STARTING);
            there.set(true);
            await().untilAsserted(() -> assertThat(store.health().state()).isEqualTo(Health.State.UP));
            assertThat(store.documents().all(Kind.RULE)).isEmpty();
        }
    }

    @Test
    void makingTheStoreDoesNotWaitForTheDatabase() {
        CountDownLatch release = new CountDownLatch(1);
        PooledConnector.Driver slow = () -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new SQLException(e);
            }
            return source;
        };
        try (SqlStore store = new SqlStore(new Database(new PooledConnector(slow, 2), Duration.ofSeconds(20), SHORT))) {
            assertThat(store.health().state()).isEqualTo(Health.State.STARTING);
            release.countDown();
            assertThat(store.documents().all(Kind.RULE)).isEmpty();
        }
    }

    @Test
    void aDatabaseThatCannotBeUsedIsDown() {
        PooledConnector.Driver broken = () -> {
            throw new HelixException(ErrorKind.INTERNAL, "made by a newer Helix");
        };
        try (SqlStore store = new SqlStore(new Database(new PooledConnector(broken, 2), SHORT, SHORT))) {
            await().untilAsserted(() -> assertThat(store.health())
                    .isEqualTo(new Health("store", Health.State.DOWN, "made by a newer Helix")));
            assertThatThrownBy(() -> store.apiKeys().all())
                    .isInstanceOfSatisfying(
                            HelixException.class, e -> assertThat(e.message()).contains("made by a newer Helix"));
        }
    }

    @Test
    void aClosedStoreIsUnavailable() {
        SqlStore store = new SqlStore(source);
        store.close();
        assertThatThrownBy(() -> store.apiKeys().delete("k"))
                .isInstanceOfSatisfying(
                        HelixException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNAVAILABLE));
    }
}
