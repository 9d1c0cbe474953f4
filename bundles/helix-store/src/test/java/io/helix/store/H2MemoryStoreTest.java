package io.helix.store;

import io.helix.api.store.Store;
import io.helix.sdk.testing.store.StoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class H2MemoryStoreTest extends StoreContract {
    private final TestDatabase database = TestDatabase.h2("jdbc:h2:mem:contract;DB_CLOSE_DELAY=-1");

    @BeforeAll
    void open() {
        database.open();
    }

    @AfterAll
    void close() {
        database.close();
    }

    @Override
    protected Store store() {
        return database.store();
    }
}
