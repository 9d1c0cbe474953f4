package io.helix.store;

import io.helix.api.document.Kind;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;

/** A store with its pool, as the component makes it, but for the driver. */
final class TestDatabase implements AutoCloseable {
    private final PooledConnector.Driver driver;
    private @Nullable SqlStore store;

    TestDatabase(PooledConnector.Driver driver) {
        this.driver = driver;
    }

    static TestDatabase h2(String url) {
        return new TestDatabase(() -> h2Source(url));
    }

    static DataSource h2Source(String url) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(JdbcUrl.of(url).text());
        return source;
    }

    void open() {
        store = new SqlStore(
                new Database(new PooledConnector(driver, 8), Duration.ofSeconds(20), Duration.ofMillis(100)));
        store.documents().all(Kind.PROFILE);
    }

    SqlStore store() {
        if (store == null) {
            throw new IllegalStateException("not open");
        }
        return store;
    }

    DataSource source() throws SQLException {
        return driver.dataSource();
    }

    @Override
    public void close() {
        if (store != null) {
            store.close();
        }
    }
}
