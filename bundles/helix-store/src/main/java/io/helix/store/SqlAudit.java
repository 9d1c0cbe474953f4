package io.helix.store;

import io.helix.api.Page;
import io.helix.api.store.Projection.AuditEntry;
import io.helix.api.store.Projection.AuditQuery;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Reads decisions. */
final class SqlAudit {
    private static final String SELECT = "select id, decided, principal, action, resource, permitted, policies, reason,"
            + " event_id from audit where profile = ?";

    private SqlAudit() {}

    static Page<AuditEntry> page(Connection connection, String profile, AuditQuery query) throws SQLException {
        List<AuditEntry> found = new Query(SELECT, profile)
                .equal("permitted", query.permitted())
                .equal("action", query.action())
                .equal("event_key", IndexKey.ofNullable(query.eventId()))
                .after(query.cursor(), "decided")
                .newest(connection, "decided desc, id desc", query.limit() + 1, SqlAudit::entry);
        return Cursor.page(found, query.limit(), entry -> new Cursor(entry.time(), entry.id()));
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        return new AuditEntry(
                row.getString("id"),
                Sql.time(row, "decided"),
                row.getString("principal"),
                row.getString("action"),
                row.getString("resource"),
                row.getBoolean("permitted"),
                Json.list(row.getString("policies")),
                row.getString("reason"),
                row.getString("event_id"));
    }
}
