package io.helix.store;

import io.helix.api.Health;
import io.helix.api.HealthCheck;
import io.helix.api.store.AgentStates;
import io.helix.api.store.ApiKeys;
import io.helix.api.store.CipherTexts;
import io.helix.api.store.Documents;
import io.helix.api.store.Projection;
import io.helix.api.store.Store;
import java.time.Duration;
import javax.sql.DataSource;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** The store in H2 or PostgreSQL. Registered at once; the database is opened in the background. */
@Component(
        service = {Store.class, HealthCheck.class},
        configurationPid = "io.helix.store")
public final class SqlStore implements Store, HealthCheck, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final Database database;
    private final Documents documents;
    private final Projection projection;
    private final AgentStates agentStates;
    private final CipherTexts cipherTexts;
    private final ApiKeys apiKeys;

    @Activate
    public SqlStore(StoreConfig config, BundleContext context) {
        this(new Database(connector(config, context), PATIENCE, PAUSE));
    }

    /** On a data source of the caller, which closes it after the store. */
    public SqlStore(DataSource source) {
        this(new Database(new GivenConnector(source), PATIENCE, PAUSE));
    }

    SqlStore(Database database) {
        this.database = database.open();
        documents = new SqlDocuments(database);
        projection = new SqlProjection(database);
        agentStates = new SqlAgentStates(database);
        cipherTexts = new SqlCipherTexts(database);
        apiKeys = new SqlApiKeys(database);
    }

    private static Database.Connector connector(StoreConfig config, BundleContext context) {
        JdbcUrl url = config.url().isBlank()
                ? JdbcUrl.file(home(context))
                : JdbcUrl.of(config.url().strip());
        return new PooledConnector(
                new OsgiDriver(context, url, config.user(), password(config)), Math.max(config.pool_size(), 1));
    }

    private static String password(StoreConfig config) {
        return config._password().isEmpty() ? config.password() : config._password();
    }

    private static String home(BundleContext context) {
        String home = context.getProperty("helix.home");
        return home == null || home.isBlank() ? "./data" : home;
    }

    @Override
    public Documents documents() {
        return documents;
    }

    @Override
    public Projection projection() {
        return projection;
    }

    @Override
    public AgentStates agentStates() {
        return agentStates;
    }

    @Override
    public CipherTexts cipherTexts() {
        return cipherTexts;
    }

    @Override
    public ApiKeys apiKeys() {
        return apiKeys;
    }

    @Override
    public Health health() {
        return database.health();
    }

    @Deactivate
    @Override
    public void close() {
        database.close();
    }

    private record GivenConnector(DataSource source) implements Database.Connector {
        private static final int CONNECTIONS = 8;

        @Override
        public int size() {
            return CONNECTIONS;
        }

        @Override
        public DataSource connect() {
            return source;
        }

        @Override
        public void close() {}
    }
}
