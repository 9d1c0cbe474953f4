package io.helix.store;

import io.helix.api.Page;
import io.helix.api.recipe.Run;
import io.helix.api.store.JournalEntry;
import io.helix.api.store.Projection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes and reads the projection of the log. */
final class SqlProjection implements Projection {
    private final Database database;

    SqlProjection(Database database) {
        this.database = database;
    }

    @Override
    public void project(String profile, long sequence, List<JournalEntry> entries) {
        database.transact(connection -> {
            if (sequence <= Positions.lock(connection, profile, Positions.JOURNAL)) {
                return false;
            }
            JournalBatch batch = new JournalBatch(profile, SqlRuns.states(connection, profile, runs(entries)));
            entries.forEach(batch::add);
            batch.write(connection);
            Positions.move(connection, profile, Positions.JOURNAL, sequence);
            return true;
        });
    }

    private static Set<String> runs(List<JournalEntry> entries) {
        Set<String> ids = new HashSet<>();
        for (JournalEntry entry : entries) {
            switch (entry) {
                case JournalEntry.RunStarted started -> ids.add(started.runId());
                case JournalEntry.StepEnded ended -> ids.add(ended.runId());
                case JournalEntry.RunEnded ended -> ids.add(ended.runId());
                case JournalEntry.Decided decided -> {}
            }
        }
        return ids;
    }

    @Override
    public long journalSequence(String profile) {
        return database.read(connection -> Positions.read(connection, profile, Positions.JOURNAL));
    }

    @Override
    public void index(String profile, long sequence, List<EventEntry> events) {
        database.transact(connection -> {
            long indexed = Positions.lock(connection, profile, Positions.EVENTS);
            if (sequence <= indexed) {
                return false;
            }
            SqlEvents.insert(
                    connection,
                    profile,
                    events.stream().filter(event -> event.sequence() > indexed).toList());
            Positions.move(connection, profile, Positions.EVENTS, sequence);
            return true;
        });
    }

    @Override
    public Optional<Run> findRun(String profile, String runId) {
        return database.read(connection -> SqlRuns.find(connection, profile, runId));
    }

    @Override
    public Page<Run> runs(String profile, RunQuery query) {
        return database.read(connection -> SqlRuns.page(connection, profile, query));
    }

    @Override
    public Page<AuditEntry> audit(String profile, AuditQuery query) {
        return database.read(connection -> SqlAudit.page(connection, profile, query));
    }

    @Override
    public Optional<EventEntry> findEvent(String profile, String eventId) {
        return database.read(connection -> SqlEvents.find(connection, profile, eventId));
    }

    @Override
    public Page<EventEntry> events(String profile, EventQuery query) {
        return database.read(connection -> SqlEvents.page(connection, profile, query));
    }
}
