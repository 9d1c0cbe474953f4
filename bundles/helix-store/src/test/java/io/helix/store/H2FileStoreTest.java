package io.helix.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.helix.api.Health;
import io.helix.api.HelixException;
import io.helix.api.document.Change;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.api.store.Store;
import io.helix.sdk.testing.store.StoreContract;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2FileStoreTest extends StoreContract {
    @TempDir
    private Path folder;

    private TestDatabase database = TestDatabase.h2("jdbc:h2:mem:unused");

    @BeforeEach
    void open() {
        database = TestDatabase.h2(JdbcUrl.file(folder.toString()).text());
        database.open();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    protected Store store() {
        return database.store();
    }

    @Test
    void whatWasAppliedIsThereAfterARestart() {
        DocumentKey key = new DocumentKey("default", Kind.AGENT, "kept");
        store().documents()
                .apply(
                        List.of(new Change.Put(key, JsonNodeFactory.instance.objectNode(), 0L)),
                        "ada",
                        Instant.parse("2026-01-01T00:00:00Z"));
        database.close();
        open();
        assertThat(store().documents().find(key)).isPresent();
        assertThat(database.store().health().state()).isEqualTo(Health.State.UP);
    }

    /** A step that has run out of time is interrupted, wherever it is. */
    @Test
    void aThreadThatIsInterruptedWhileItWritesLeavesTheDatabaseOpenAndWhatWasConfirmedInIt() throws Exception {
        List<String> confirmed = new CopyOnWriteArrayList<>();
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 500; i++) {
                try {
                    store().agentStates().put("default", "agent", "key-" + i, "x".repeat(1_000), null);
                    confirmed.add("key-" + i);
                } catch (HelixException e) {
                    Thread.interrupted(); // the next one may do better
                }
            }
        });
        while (writer.isAlive()) {
            writer.interrupt();
            writer.join(Duration.ofMillis(1));
        }

        assertThat(store().agentStates().keys("default", "agent", "key-", 1_000, Instant.EPOCH))
                .containsAll(confirmed);
        store().agentStates().put("default", "agent", "after", "all", null);
        database.close();
        open();
        assertThat(store().agentStates().get("default", "agent", "after", Instant.EPOCH))
                .contains("all");
        assertThat(confirmed).isNotEmpty();
    }
}
