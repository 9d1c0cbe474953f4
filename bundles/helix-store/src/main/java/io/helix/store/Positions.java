package io.helix.store;

import java.sql.Connection;
import java.sql.SQLException;

/** Up to where each log of a profile has been projected. */
final class Positions {
    static final String JOURNAL = "journal";
    static final String EVENTS = "events";

    private static final String SELECT = "select seq from projection_position where profile = ? and stream = ?";

    private Positions() {}

    static long read(Connection connection, String profile, String stream) throws SQLException {
        return Sql.find(connection, SELECT, row -> row.getLong(1), profile, stream)
                .orElse(0L);
    }

    /** Also keeps a second projection of the same log waiting until this transaction ends. */
    static long lock(Connection connection, String profile, String stream) throws SQLException {
        Sql.update(
                connection,
                "insert into projection_position (profile, stream, seq) values (?, ?, 0) on conflict do nothing",
                profile,
                stream);
        return Sql.find(connection, SELECT + " for update", row -> row.getLong(1), profile, stream)
                .orElse(0L);
    }

    static void move(Connection connection, String profile, String stream, long sequence) throws SQLException {
        Sql.update(
                connection,
                "update projection_position set seq = ? where profile = ? and stream = ?",
                sequence,
                profile,
                stream);
    }
}
