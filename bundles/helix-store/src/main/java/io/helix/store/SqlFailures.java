package io.helix.store;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a failure of the database means to the caller. */
final class SqlFailures {
    /** Connection, resources, operator, system. */
    private static final Set<String> AWAY_CLASSES = Set.of("08", "53", "57", "58");
    /** H2: closed, locked by another process, file cannot be read or written, connection broken. */
    private static final Set<Integer> AWAY_H2 =
            Set.of(90007, 90020, 90024, 90028, 90031, 90046, 90067, 90098, 90121, 90135);
    /** Serialization failure, deadlock; H2: deadlock, lock timeout, concurrent update. */
    private static final Set<String> REPEATABLE = Set.of("40001", "40P01", "55P03", "HYT00", "90131");

    private SqlFailures() {}

    /** The same transaction may succeed when it is repeated at once. */
    static boolean repeatable(SQLException e) {
        return e.getSQLState() != null && REPEATABLE.contains(e.getSQLState());
    }

    static HelixException translate(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (repeatable(e) || away(e, state)) {
            return new HelixException(
                    ErrorKind.UNAVAILABLE, "the database is not available: " + e.getMessage() + "; try again later", e);
        }
        if (state.startsWith("22") || state.startsWith("54")) {
            return new HelixException(
                    ErrorKind.INVALID, "the database cannot hold this value: " + firstLine(e.getMessage()), e);
        }
        return new HelixException(ErrorKind.INTERNAL, "the database refused a statement: " + e.getMessage(), e);
    }

    private static boolean away(SQLException e, String state) {
        return e instanceof SQLTransientException
                || e instanceof SQLRecoverableException
                || e instanceof SQLNonTransientConnectionException
                || AWAY_H2.contains(e.getErrorCode())
                || state.length() == 5 && AWAY_CLASSES.contains(state.substring(0, 2));
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "" : message.lines().findFirst().orElse("");
    }
}
