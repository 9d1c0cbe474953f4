package io.helix.store;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema up to date. Scripts are applied once, in order, by one process at a time, and never change
 * afterwards.
 */
final class SqlMigrations {
    private static final Logger LOG = LoggerFactory.getLogger(SqlMigrations.class);
    /** The place in this list is the version. */
    private static final List<String> SCRIPTS =
            List.of("V001__initial.sql", "V002__late_runs.sql", "V003__state_expires.sql");

    private SqlMigrations() {}

    /** Returns the version of the schema. */
    static int run(DataSource source) throws SQLException {
        return run(source, SCRIPTS.stream().map(SqlMigrations::script).toList());
    }

    static int run(DataSource source, List<Script> scripts) throws SQLException {
        try (Connection connection = source.getConnection()) {
            createTables(connection);
            connection.setAutoCommit(false);
            try {
                lock(connection);
                apply(connection, scripts);
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
        return scripts.size();
    }

    private static void createTables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists schema_version (version integer not null primary key,"
                    + " name varchar not null, checksum varchar not null, applied timestamp with time zone not null)");
            statement.execute("create table if not exists schema_lock (id integer not null primary key)");
        }
        Sql.update(connection, "insert into schema_lock (id) values (1) on conflict do nothing");
    }

    private static void lock(Connection connection) throws SQLException {
        Sql.list(connection, "select id from schema_lock where id = 1 for update", row -> row.getInt(1));
    }

    private static void apply(Connection connection, List<Script> scripts) throws SQLException {
        Map<Integer, String> applied = applied(connection);
        if (applied.size() > scripts.size()) {
            throw new HelixException(
                    ErrorKind.INTERNAL,
                    "the database has schema version " + applied.size() + ", this Helix knows " + scripts.size()
                            + ": it was used by a newer Helix; run that one, or restore a backup");
        }
        for (int version = 1; version <= scripts.size(); version++) {
            Script script = scripts.get(version - 1);
            String checksum = applied.get(version);
            if (checksum == null) {
                apply(connection, version, script);
            } else if (!checksum.equals(script.checksum())) {
                throw new HelixException(
                        ErrorKind.INTERNAL,
                        "migration " + script.name() + " is not the one that made the database: restore the original");
            }
        }
    }

    private static Map<Integer, String> applied(Connection connection) throws SQLException {
        Map<Integer, String> applied = new HashMap<>();
        Sql.list(
                connection,
                "select version, checksum from schema_version",
                row -> applied.put(row.getInt(1), row.getString(2)));
        return applied;
    }

    private static void apply(Connection connection, int version, Script script) throws SQLException {
        LOG.info("Migrating the database to version {} ({})", version, script.name());
        try (Statement statement = connection.createStatement()) {
            for (String sql : script.statements()) {
                statement.execute(sql);
            }
        }
        Sql.update(
                connection,
                "insert into schema_version (version, name, checksum, applied) values (?, ?, ?, ?)",
                version,
                script.name(),
                script.checksum(),
                Instant.now());
    }

    private static Script script(String name) {
        try (InputStream text = SqlMigrations.class.getResourceAsStream("/db/" + name)) {
            if (text == null) {
                throw new IllegalStateException("db/" + name + " is not in this bundle");
            }
            return new Script(name, new String(text.readAllBytes(), StandardCharsets.UTF_8).replace("\r", ""));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read db/" + name, e);
        }
    }

    /** Statements end with a semicolon at the end of a line; comments are lines of their own. */
    record Script(String name, String text) {
        String checksum() {
            return IndexKey.sha256(text);
        }

        List<String> statements() {
            String bare = text.lines().filter(line -> !line.startsWith("--")).collect(Collectors.joining("\n"));
            List<String> statements = new ArrayList<>();
            for (String statement : bare.split(";\\s*(\n|$)")) {
                if (!statement.isBlank()) {
                    statements.add(statement.strip());
                }
            }
            return statements;
        }
    }
}
