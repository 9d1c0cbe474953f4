package io.helix.store;

import io.helix.api.HelixException;
import io.helix.api.store.CipherTexts;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

final class SqlCipherTexts implements CipherTexts {
    private static final String SELECT =
            "select c.profile, c.name, c.version, c.content, c.author, c.created from cipher_text c";

    private final Database database;

    SqlCipherTexts(Database database) {
        this.database = database;
    }

    @Override
    public void add(CipherText text, int keep) {
        database.transact(connection -> {
            int added = Sql.update(
                    connection,
                    "insert into cipher_text (profile, name, version, content, author, created)"
                            + " values (?, ?, ?, ?, ?, ?) on conflict do nothing",
                    text.profile(),
                    text.name(),
                    text.version(),
                    text.text(),
                    text.author(),
                    text.created());
            if (added == 0) {
                throw HelixException.conflict("version " + text.version() + " of '" + text.name()
                        + "' is there already: somebody changed it at the same time; repeat");
            }
            return forget(connection, text, Math.max(keep, 1));
        });
    }

    private static int forget(Connection connection, CipherText text, int keep) throws SQLException {
        List<Integer> old = Sql.list(
                connection,
                "select version from cipher_text where profile = ? and name = ? order by version desc"
                        + " limit 1 offset ?",
                row -> row.getInt(1),
                text.profile(),
                text.name(),
                keep);
        return old.isEmpty()
                ? 0
                : Sql.update(
                        connection,
                        "delete from cipher_text where profile = ? and name = ? and version <= ?",
                        text.profile(),
                        text.name(),
                        old.getFirst());
    }

    @Override
    public Optional<CipherText> newest(String profile, String name) {
        return database.read(connection -> Sql.find(
                connection,
                SELECT + " where c.profile = ? and c.name = ? order by c.version desc limit 1",
                SqlCipherTexts::cipherText,
                profile,
                name));
    }

    @Override
    public List<CipherText> all(String profile) {
        return database.read(connection -> Sql.list(
                connection,
                SELECT + " where c.profile = ? and c.version = (select max(o.version) from cipher_text o"
                        + " where o.profile = c.profile and o.name = c.name) order by c.name",
                SqlCipherTexts::cipherText,
                profile));
    }

    @Override
    public boolean delete(String profile, String name) {
        return database.transact(connection ->
                Sql.update(connection, "delete from cipher_text where profile = ? and name = ?", profile, name) > 0);
    }

    private static CipherText cipherText(ResultSet row) throws SQLException {
        return new CipherText(
                row.getString("profile"),
                row.getString("name"),
                row.getInt("version"),
                row.getString("content"),
                row.getString("author"),
                Sql.time(row, "created"));
    }
}
