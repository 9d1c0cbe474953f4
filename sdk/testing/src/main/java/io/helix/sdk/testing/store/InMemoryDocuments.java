package io.helix.sdk.testing.store;

import io.helix.api.HelixException;
import io.helix.api.document.Change;
import io.helix.api.document.Document;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.api.store.Documents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

final class InMemoryDocuments implements Documents {
    private final InMemoryStore.Outage outage;
    private Map<DocumentKey, Line> lines = new HashMap<>();

    InMemoryDocuments(InMemoryStore.Outage outage) {
        this.outage = outage;
    }

    @Override
    public synchronized List<Document> apply(List<Change> changes, String author, Instant time) {
        outage.check();
        Map<DocumentKey, Line> next = new HashMap<>(lines);
        List<Document> put = new ArrayList<>();
        for (Change change : changes) {
            Line line = next.getOrDefault(change.key(), Line.EMPTY);
            switch (change) {
                case Change.Put wanted -> {
                    check(wanted, line);
                    Document document = new Document(
                            wanted.key(),
                            line.revision() + 1,
                            wanted.content().deepCopy(),
                            author,
                            InMemoryStore.stored(time));
                    put.add(document);
                    next.put(wanted.key(), line.with(document));
                }
                case Change.Delete wanted -> {
                    if (line.deleted()) {
                        throw HelixException.notFound(wanted.key() + " does not exist");
                    }
                    check(wanted, line);
                    next.put(wanted.key(), line.delete());
                }
            }
        }
        lines = next;
        return List.copyOf(put);
    }

    private static void check(Change change, Line line) {
        Long expected = change.expected();
        if (expected != null && expected != line.current()) {
            throw HelixException.conflict(
                    change.key() + ": expected revision " + expected + ", but it is " + line.current());
        }
    }

    @Override
    public synchronized Optional<Document> find(DocumentKey key) {
        outage.check();
        return line(key).newest();
    }

    @Override
    public synchronized Optional<Document> find(DocumentKey key, long revision) {
        outage.check();
        return line(key).revisions().stream()
                .filter(document -> document.revision() == revision)
                .findFirst();
    }

    @Override
    public synchronized List<Document> list(String profile, Kind kind, @Nullable String after, int limit) {
        return current(kind)
                .filter(document -> document.key().profile().equals(profile))
                .filter(document -> after == null || document.key().name().compareTo(after) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<Document> all(Kind kind) {
        return current(kind).toList();
    }

    @Override
    public synchronized Map<DocumentKey, Instant> births(Kind kind) {
        Map<DocumentKey, Instant> births = new HashMap<>();
        current(kind)
                .forEach(document ->
                        births.put(document.key(), line(document.key()).birth()));
        return births;
    }

    @Override
    public synchronized List<Document> history(DocumentKey key, int limit) {
        outage.check();
        return line(key).revisions().reversed().stream().limit(limit).toList();
    }

    private Stream<Document> current(Kind kind) {
        outage.check();
        return lines.values().stream()
                .flatMap(line -> line.newest().stream())
                .filter(document -> document.key().kind() == kind)
                .sorted(Comparator.comparing(
                                (Document document) -> document.key().profile())
                        .thenComparing(document -> document.key().name()));
    }

    private Line line(DocumentKey key) {
        return lines.getOrDefault(key, Line.EMPTY);
    }

    /** All that is known of one key. A deletion counts as a revision without content. */
    private record Line(long revision, boolean deleted, List<Document> revisions) {
        static final Line EMPTY = new Line(0, true, List.of());

        Line with(Document document) {
            List<Document> longer = new ArrayList<>(revisions);
            longer.add(document);
            return new Line(document.revision(), false, longer);
        }

        Line delete() {
            return new Line(revision + 1, true, revisions);
        }

        long current() {
            return deleted ? 0 : revision;
        }

        Instant birth() {
            Document first = revisions.getLast();
            for (Document document : revisions.reversed()) {
                if (document.revision() < first.revision() - 1) {
                    break;
                }
                first = document;
            }
            return first.time();
        }

        Optional<Document> newest() {
            return deleted ? Optional.empty() : Optional.of(revisions.getLast());
        }
    }
}
