package io.helix.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A select that grows by the conditions that are wanted. */
final class Query {
    private final StringBuilder sql;
    private final List<Object> arguments = new ArrayList<>();
    private String first = "";

    Query(String select, Object... arguments) {
        sql = new StringBuilder(select);
        Collections.addAll(this.arguments, arguments);
    }

    Query and(String condition, Object... more) {
        sql.append(" and ").append(condition);
        Collections.addAll(arguments, more);
        return this;
    }

    Query equal(String column, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        first = first.isEmpty() ? column + ", " : first;
        return and(column + " = ?", value);
    }

    /** Begins after the cursor's place, newest first. The first comparison is the one that finds its way in an index. */
    Query after(@Nullable String cursor, String timeColumn) {
        if (cursor == null) {
            return this;
        }
        Cursor place = Cursor.parse(cursor);
        String condition = "%1$s <= ? and (%1$s < ? or id < ?)".formatted(timeColumn);
        return and(condition, place.time(), place.time(), place.id());
    }

    /**
     * Newest first. H2 takes the order from an index only if it names all columns of the index, so the columns that are
     * the same in all rows come first; to the result they make no difference.
     */
    <T> List<T> newest(Connection connection, String order, int limit, Sql.Row<T> row) throws SQLException {
        return list(connection, "profile, " + first + order, limit, row);
    }

    <T> List<T> list(Connection connection, String order, int limit, Sql.Row<T> row) throws SQLException {
        arguments.add(limit);
        return Sql.list(connection, sql + " order by " + order + " limit ?", row, arguments.toArray());
    }
}
