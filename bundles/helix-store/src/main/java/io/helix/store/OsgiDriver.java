package io.helix.store;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Properties;
import javax.sql.DataSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.jdbc.DataSourceFactory;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver that the URL asks for, as a service. Not a reference of the component: which driver it needs depends on
 * the configuration, and the other one may be missing.
 */
final class OsgiDriver implements PooledConnector.Driver {
    private static final Logger LOG = LoggerFactory.getLogger(OsgiDriver.class);
    private static final long WAIT_MILLIS = 3_000;

    private final BundleContext context;
    private final JdbcUrl url;
    private final String user;
    private final String password;

    OsgiDriver(BundleContext context, JdbcUrl url, String user, String password) {
        this.context = context;
        this.url = url;
        this.user = user;
        this.password = password;
    }

    @Override
    public DataSource dataSource() throws SQLException {
        ServiceTracker<DataSourceFactory, DataSourceFactory> tracker = new ServiceTracker<>(context, filter(), null);
        tracker.open();
        try {
            DataSourceFactory factory = tracker.waitForService(WAIT_MILLIS);
            if (factory == null) {
                throw new SQLTransientConnectionException(
                        "the JDBC driver " + url.driver() + " is not there: install and start its bundle");
            }
            LOG.info("Using {}", url.driver());
            return factory.createDataSource(properties());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("interrupted while waiting for the JDBC driver", e);
        } finally {
            tracker.close();
        }
    }

    private Filter filter() {
        String text = "(&(%s=%s)(%s=%s))"
                .formatted(
                        Constants.OBJECTCLASS,
                        DataSourceFactory.class.getName(),
                        DataSourceFactory.OSGI_JDBC_DRIVER_CLASS,
                        url.driver());
        try {
            return context.createFilter(text);
        } catch (InvalidSyntaxException e) {
            throw new HelixException(ErrorKind.INTERNAL, "the filter " + text + " is not valid", e);
        }
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty(DataSourceFactory.JDBC_URL, url.text());
        if (!user.isEmpty()) {
            properties.setProperty(DataSourceFactory.JDBC_USER, user);
            properties.setProperty(DataSourceFactory.JDBC_PASSWORD, password);
        }
        return properties;
    }
}
