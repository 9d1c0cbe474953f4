package io.helix.store;

import static io.helix.store.Sql.visible;

import io.helix.api.HelixException;
import io.helix.api.Page;
import io.helix.api.store.Projection.EventEntry;
import io.helix.api.store.Projection.EventQuery;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The index of events: where they are in the log, by id and by type. */
final class SqlEvents {
    private static final String SELECT =
            "select seq, id, source, type, subject, occurred, bytes from event_index where profile = ?";

    private SqlEvents() {}

    static void insert(Connection connection, String profile, List<EventEntry> events) throws SQLException {
        Sql.batch(
                connection,
                "insert into event_index (profile, seq, id, id_key, source, type, subject, occurred, bytes)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                events.stream().map(event -> row(profile, event)).toList());
    }

    private static @Nullable Object[] row(String profile, EventEntry event) {
        return new @Nullable Object[] {
            profile,
            event.sequence(),
            visible(event.id()),
            IndexKey.of(event.id()),
            visible(event.source()),
            visible(event.type()),
            visible(event.subject()),
            event.time(),
            event.bytes()
        };
    }

    static Optional<EventEntry> find(Connection connection, String profile, String id) throws SQLException {
        return new Query(SELECT, profile)
                .equal("id_key", IndexKey.of(id)).newest(connection, "seq desc", 1, SqlEvents::event).stream()
                        .findFirst();
    }

    static Page<EventEntry> page(Connection connection, String profile, EventQuery query) throws SQLException {
        Query select = new Query(SELECT, profile);
        if (query.typePrefix() != null) {
            select.and("type like ? escape '!'", beginningWith(query.typePrefix()));
        }
        if (query.cursor() != null) {
            select.and("seq < ?", sequence(query.cursor()));
        }
        List<EventEntry> found = select.newest(connection, "seq desc", query.limit() + 1, SqlEvents::event);
        return found.size() <= query.limit()
                ? new Page<>(found, null)
                : new Page<>(
                        found.subList(0, query.limit()),
                        Long.toString(found.get(query.limit() - 1).sequence()));
    }

    private static String beginningWith(String prefix) {
        return prefix.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%";
    }

    private static long sequence(String cursor) {
        try {
            return Long.parseLong(cursor);
        } catch (NumberFormatException e) {
            throw HelixException.invalid("the cursor was not given out by this server: begin without one");
        }
    }

    private static EventEntry event(ResultSet row) throws SQLException {
        return new EventEntry(
                row.getLong("seq"),
                row.getString("id"),
                row.getString("source"),
                row.getString("type"),
                row.getString("subject"),
                Sql.time(row, "occurred"),
                row.getInt("bytes"));
    }
}
