package io.helix.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A HikariCP pool over the data source of a driver. */
final class PooledConnector implements Database.Connector {
    private static final long CONNECTION_TIMEOUT_MILLIS = 5_000;

    private final Driver driver;
    private final int size;
    private @Nullable HikariDataSource pool;
    private boolean closed;

    /** Finds the driver's data source; fails while the driver is not there. */
    @FunctionalInterface
    interface Driver {
        DataSource dataSource() throws SQLException;
    }

    PooledConnector(Driver driver, int size) {
        this.driver = driver;
        this.size = size;
    }

    @Override
    public DataSource connect() throws SQLException {
        HikariDataSource made = made();
        if (made != null) {
            return made;
        }
        DataSource source = driver.dataSource();
        synchronized (this) {
            if (closed) {
                throw new SQLException("the store is closed");
            }
            HikariDataSource opened = new HikariDataSource(configuration(source));
            pool = opened;
            return opened;
        }
    }

    private synchronized @Nullable HikariDataSource made() {
        return pool;
    }

    private HikariConfig configuration(DataSource source) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setPoolName("helix-store");
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
        // Negative: do not try to connect now. The database may come later.
        config.setInitializationFailTimeout(-1);
        return config;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (pool != null) {
            pool.close();
        }
    }
}
