package io.helix.store;

import io.helix.api.ErrorKind;
import io.helix.api.Health;
import io.helix.api.HelixException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the database on a thread of its own, as often as it takes, and runs work on it. Until it is open, callers wait,
 * but not for ever. Knows at any time how the database is.
 */
final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int ATTEMPTS = 4;
    private static final int PROBE_SECONDS = 5;

    private final Connector connector;
    private final StoreThreads threads;
    private final Duration patience;
    private final Duration pause;
    private final CompletableFuture<DataSource> opened = new CompletableFuture<>();
    private final ScheduledThreadPoolExecutor keeper = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("helix-store").daemon().factory());
    private volatile Health health = health(Health.State.STARTING, "opening the database");

    /** Makes the pool of connections; need not reach the database. */
    interface Connector {
        DataSource connect() throws SQLException;

        /** How many connections there are at most. */
        int size();

        /** Closes what {@link #connect} made. */
        void close();
    }

    @FunctionalInterface
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /**
     * @param patience how long a call waits for the database to be open, and again for its turn
     * @param pause between two attempts to open it
     */
    Database(Connector connector, Duration patience, Duration pause) {
        this.connector = connector;
        this.threads = new StoreThreads(connector.size(), patience);
        this.patience = patience;
        this.pause = pause;
        keeper.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    Database open() {
        keeper.execute(this::tryToOpen);
        return this;
    }

    private void tryToOpen() {
        try {
            DataSource source = connector.connect();
            int version = SqlMigrations.run(source);
            keeper.scheduleWithFixedDelay(this::probe, PROBE_SECONDS, PROBE_SECONDS, TimeUnit.SECONDS);
            health = health(Health.State.UP, "schema version " + version);
            opened.complete(source);
        } catch (SQLException e) {
            openLater(e);
        } catch (RuntimeException e) {
            giveUp(e);
        }
    }

    private void openLater(SQLException e) {
        LOG.warn("Cannot open the database yet: {}", e.getMessage());
        health = health(Health.State.STARTING, "cannot open the database yet: " + e.getMessage());
        if (!keeper.isShutdown()) {
            keeper.schedule(this::tryToOpen, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void giveUp(RuntimeException e) {
        if (keeper.isShutdown()) {
            return;
        }
        LOG.error("The database cannot be used", e);
        health = health(Health.State.DOWN, String.valueOf(e.getMessage()));
        opened.completeExceptionally(e);
    }

    /** Finds out that the database is back although nobody asks for anything. */
    private void probe() {
        try (Connection connection = source().getConnection()) {
            if (connection.isValid(PROBE_SECONDS)) {
                up();
            } else {
                down("the database does not answer");
            }
        } catch (SQLException e) {
            down("the database is away: " + e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("The database could not be probed", e);
        }
    }

    private void up() {
        if (health.state() != Health.State.UP) {
            LOG.info("The database is back");
            health = health(Health.State.UP, "reachable again");
        }
    }

    private void down(String detail) {
        if (health.state() != Health.State.DOWN) {
            LOG.warn("{}", detail);
        }
        health = health(Health.State.DOWN, detail);
    }

    private static Health health(Health.State state, String detail) {
        return new Health("store", state, detail);
    }

    Health health() {
        return health;
    }

    /** One statement, or several that need not be one. */
    <T> T read(Work<T> work) {
        DataSource source = source();
        return threads.call(() -> read(source, work));
    }

    private <T> T read(DataSource source, Work<T> work) {
        try (Connection connection = source.getConnection()) {
            return work.on(connection);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** All or nothing. The work is repeated when it met another transaction, so it must have no other effect. */
    <T> T transact(Work<T> work) {
        DataSource source = source();
        return threads.call(() -> transact(source, work));
    }

    private <T> T transact(DataSource source, Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = source.getConnection()) {
                return inTransaction(connection, work);
            } catch (SQLException e) {
                if (!SqlFailures.repeatable(e) || attempt == ATTEMPTS) {
                    throw failed(e);
                }
            }
        }
    }

    private static <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            T result = work.on(connection);
            connection.commit();
            connection.setAutoCommit(true);
            return result;
        } catch (SQLException | RuntimeException e) {
            rollBack(connection, e);
            throw e;
        }
    }

    private static void rollBack(Connection connection, Exception cause) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private HelixException failed(SQLException e) {
        HelixException failure = SqlFailures.translate(e);
        if (failure.kind() == ErrorKind.UNAVAILABLE && !SqlFailures.repeatable(e)) {
            down("the database is away: " + e.getMessage());
        }
        return failure;
    }

    private DataSource source() {
        try {
            return opened.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw unavailable(null);
        } catch (ExecutionException e) {
            throw unavailable(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        }
    }

    private HelixException unavailable(@Nullable Throwable cause) {
        return new HelixException(ErrorKind.UNAVAILABLE, "the database is not open: " + health.detail(), cause);
    }

    @Override
    public void close() {
        opened.completeExceptionally(HelixException.unavailable("the store is closed"));
        // No interrupt: H2 closes its file for ever when the thread that uses it is interrupted.
        keeper.shutdown();
        try {
            if (!keeper.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("The database is still being opened while the store closes");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.close();
        connector.close();
    }
}
