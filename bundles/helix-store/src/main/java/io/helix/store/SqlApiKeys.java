package io.helix.store;

import io.helix.api.HelixException;
import io.helix.api.store.ApiKeys;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

final class SqlApiKeys implements ApiKeys {
    private static final String SELECT =
            "select id, name, profile, roles, scopes, digest, created, expires from api_key";

    private final Database database;

    SqlApiKeys(Database database) {
        this.database = database;
    }

    @Override
    public void add(ApiKey key) {
        int added = database.transact(connection -> Sql.update(
                connection,
                "insert into api_key (id, name, profile, roles, scopes, digest, created, expires)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                key.id(),
                key.name(),
                key.profile(),
                Json.text(key.roles()),
                Json.text(key.scopes()),
                key.digest(),
                key.created(),
                key.expires()));
        if (added == 0) {
            throw HelixException.conflict("API key " + key.id() + " is there already");
        }
    }

    @Override
    public Optional<ApiKey> find(String id) {
        return database.read(connection -> Sql.find(connection, SELECT + " where id = ?", SqlApiKeys::apiKey, id));
    }

    @Override
    public List<ApiKey> all() {
        return database.read(connection -> Sql.list(connection, SELECT + " order by created, id", SqlApiKeys::apiKey));
    }

    @Override
    public boolean delete(String id) {
        return database.transact(connection -> Sql.update(connection, "delete from api_key where id = ?", id) > 0);
    }

    private static ApiKey apiKey(ResultSet row) throws SQLException {
        return new ApiKey(
                row.getString("id"),
                row.getString("name"),
                row.getString("profile"),
                Set.copyOf(Json.list(row.getString("roles"))),
                Set.copyOf(Json.list(row.getString("scopes"))),
                row.getString("digest"),
                Sql.time(row, "created"),
                Sql.timeOrNull(row, "expires"));
    }
}
