package io.helix.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.helix.api.ErrorKind;
import io.helix.api.Health;
import io.helix.api.HelixException;
import io.helix.api.document.Kind;
import io.helix.api.store.Store;
import io.helix.sdk.testing.store.StoreContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresStoreTest extends StoreContract {
    private @Nullable PostgresServer server;
    private @Nullable TestDatabase database;

    @BeforeAll
    void start() throws IOException, InterruptedException {
        Optional<Path> binaries = PostgresServer.binaries();
        assumeTrue(
                binaries.isPresent(),
                "PostgreSQL is not installed (initdb, pg_ctl and postgres, on the PATH or in /usr/lib/postgresql)");
        PostgresServer started = PostgresServer.start(binaries.orElseThrow());
        server = started;
        database = new TestDatabase(started::source);
        database.open();
    }

    @AfterAll
    void stop() throws IOException, InterruptedException {
        if (database != null) {
            database.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected Store store() {
        return database().store();
    }

    private TestDatabase database() {
        if (database == null) {
            throw new IllegalStateException("not started");
        }
        return database;
    }

    @Test
    void anOutageIsUnavailableAndEndsByItself() throws IOException, InterruptedException {
        PostgresServer running = server;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        running.stop();
        try {
            assertThatThrownBy(() -> store().documents().all(Kind.RULE))
                    .isInstanceOfSatisfying(
                            HelixException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNAVAILABLE));
            assertThat(database().store().health().state()).isEqualTo(Health.State.DOWN);
        } finally {
            running.start();
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(database().store().health().state()).isEqualTo(Health.State.UP));
        assertThat(store().documents().all(Kind.PROFILE)).isEmpty();
    }
}
