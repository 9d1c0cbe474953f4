package io.helix.store;

import io.helix.api.HelixException;
import io.helix.api.document.Change;
import io.helix.api.document.Document;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.api.store.Documents;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A row of {@code document} for each key that ever was, and one of {@code document_revision} for each content. */
final class SqlDocuments implements Documents {
    private static final String CURRENT = "select r.profile, r.kind, r.name, r.revision, r.content, r.author, r.created"
            + " from document d join document_revision r on r.profile = d.profile and r.kind = d.kind"
            + " and r.name = d.name and r.revision = d.revision where d.deleted = false";
    private static final String REVISIONS = "select profile, kind, name, revision, content, author, created"
            + " from document_revision where profile = ? and kind = ? and name = ?";
    private static final String BIRTHS = "select r.profile, r.kind, r.name, r.created"
            + " from document d join document_revision r on r.profile = d.profile and r.kind = d.kind"
            + " and r.name = d.name where d.deleted = false and d.kind = ? and not exists"
            + " (select 1 from document_revision b where b.profile = r.profile and b.kind = r.kind"
            + " and b.name = r.name and b.revision = r.revision - 1) order by r.revision";
    private static final Comparator<DocumentKey> LOCK_ORDER = Comparator.comparing(DocumentKey::profile)
            .thenComparing(DocumentKey::kind)
            .thenComparing(DocumentKey::name);

    private final Database database;

    SqlDocuments(Database database) {
        this.database = database;
    }

    @Override
    public List<Document> apply(List<Change> changes, String author, Instant time) {
        return database.transact(connection -> {
            Map<DocumentKey, Head> heads = lock(connection, changes, author, time);
            List<Document> put = new ArrayList<>();
            for (Change change : changes) {
                Head head = heads.getOrDefault(change.key(), Head.NONE);
                switch (change) {
                    case Change.Put wanted -> {
                        head.require(wanted);
                        put.add(put(connection, wanted, head.revision() + 1, author, time));
                        heads.put(wanted.key(), new Head(head.revision() + 1, false));
                    }
                    case Change.Delete wanted -> {
                        head.requirePresent(wanted);
                        head.require(wanted);
                        move(connection, wanted.key(), head.revision() + 1, true, author, time);
                        heads.put(wanted.key(), new Head(head.revision() + 1, true));
                    }
                }
            }
            return List.copyOf(put);
        });
    }

    /** Makes and locks the rows in one order for all, so that no two transactions wait for each other. */
    private static Map<DocumentKey, Head> lock(Connection connection, List<Change> changes, String author, Instant time)
            throws SQLException {
        Map<DocumentKey, Head> heads = new HashMap<>();
        List<DocumentKey> keys =
                changes.stream().map(Change::key).distinct().sorted(LOCK_ORDER).toList();
        for (DocumentKey key : keys) {
            Sql.update(
                    connection,
                    "insert into document (profile, kind, name, revision, deleted, author, changed)"
                            + " values (?, ?, ?, 0, true, ?, ?) on conflict do nothing",
                    key.profile(),
                    key.kind().name(),
                    key.name(),
                    author,
                    time);
            Sql.find(
                            connection,
                            "select revision, deleted from document where profile = ? and kind = ? and name = ?"
                                    + " for update",
                            row -> new Head(row.getLong(1), row.getBoolean(2)),
                            key.profile(),
                            key.kind().name(),
                            key.name())
                    .ifPresent(head -> heads.put(key, head));
        }
        return heads;
    }

    private static Document put(Connection connection, Change.Put change, long revision, String author, Instant time)
            throws SQLException {
        DocumentKey key = change.key();
        Sql.update(
                connection,
                "insert into document_revision (profile, kind, name, revision, content, author, created)"
                        + " values (?, ?, ?, ?, ?, ?, ?)",
                key.profile(),
                key.kind().name(),
                key.name(),
                revision,
                change.content().toString(),
                author,
                time);
        move(connection, key, revision, false, author, time);
        return new Document(key, revision, change.content().deepCopy(), author, Sql.stored(time));
    }

    private static void move(
            Connection connection, DocumentKey key, long revision, boolean deleted, String author, Instant time)
            throws SQLException {
        int moved = Sql.update(
                connection,
                "update document set revision = ?, deleted = ?, author = ?, changed = ?"
                        + " where profile = ? and kind = ? and name = ? and revision = ?",
                revision,
                deleted,
                author,
                time,
                key.profile(),
                key.kind().name(),
                key.name(),
                revision - 1);
        if (moved != 1) {
            throw HelixException.conflict(key + " was changed at the same time: read it again and repeat");
        }
    }

    @Override
    public Optional<Document> find(DocumentKey key) {
        return database.read(connection -> Sql.find(
                connection,
                CURRENT + " and d.profile = ? and d.kind = ? and d.name = ?",
                SqlDocuments::document,
                key.profile(),
                key.kind().name(),
                key.name()));
    }

    @Override
    public Optional<Document> find(DocumentKey key, long revision) {
        return database.read(connection -> Sql.find(
                connection,
                REVISIONS + " and revision = ?",
                SqlDocuments::document,
                key.profile(),
                key.kind().name(),
                key.name(),
                revision));
    }

    @Override
    public List<Document> list(String profile, Kind kind, @Nullable String after, int limit) {
        return database.read(connection -> {
            Query query = new Query(CURRENT).equal("d.profile", profile).equal("d.kind", kind.name());
            if (after != null) {
                query.and("d.name > ?", after);
            }
            return query.list(connection, "d.name", limit, SqlDocuments::document);
        });
    }

    @Override
    public List<Document> all(Kind kind) {
        return database.read(connection -> Sql.list(
                connection,
                CURRENT + " and d.kind = ? order by d.profile, d.name",
                SqlDocuments::document,
                kind.name()));
    }

    /** A deletion takes a revision and leaves no content: the first revision after a gap is a birth. */
    @Override
    public Map<DocumentKey, Instant> births(Kind kind) {
        return database.read(connection -> {
            Map<DocumentKey, Instant> births = new HashMap<>();
            Sql.list(connection, BIRTHS, row -> births.put(key(row), Sql.time(row, "created")), kind.name());
            return births;
        });
    }

    @Override
    public List<Document> history(DocumentKey key, int limit) {
        return database.read(
                connection -> new Query(REVISIONS, key.profile(), key.kind().name(), key.name())
                        .list(connection, "revision desc", limit, SqlDocuments::document));
    }

    private static Document document(ResultSet row) throws SQLException {
        return new Document(
                key(row),
                row.getLong("revision"),
                Json.object(row.getString("content")),
                row.getString("author"),
                Sql.time(row, "created"));
    }

    private static DocumentKey key(ResultSet row) throws SQLException {
        return new DocumentKey(row.getString("profile"), Kind.valueOf(row.getString("kind")), row.getString("name"));
    }

    /** The last revision of a key; a deletion counts as one. */
    private record Head(long revision, boolean deleted) {
        static final Head NONE = new Head(0, true);

        void requirePresent(Change change) {
            if (deleted) {
                throw HelixException.notFound(change.key() + " does not exist in profile '"
                        + change.key().profile() + "'");
            }
        }

        void require(Change change) {
            Long expected = change.expected();
            if (expected == null || expected == current()) {
                return;
            }
            throw HelixException.conflict(change.key() + " in profile '"
                    + change.key().profile() + "' " + clash(expected)
                    + ": read the current revision, merge your change and repeat");
        }

        private String clash(long expected) {
            if (expected == 0) {
                return "exists already, at revision " + revision;
            }
            return deleted
                    ? "was deleted since revision " + expected
                    : "is at revision " + revision + ", not " + expected;
        }

        private long current() {
            return deleted ? 0 : revision;
        }
    }
}
