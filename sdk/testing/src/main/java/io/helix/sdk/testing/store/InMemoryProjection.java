package io.helix.sdk.testing.store;

import io.helix.api.HelixException;
import io.helix.api.Page;
import io.helix.api.recipe.Run;
import io.helix.api.recipe.RunState;
import io.helix.api.recipe.StepRecord;
import io.helix.api.store.JournalEntry;
import io.helix.api.store.Projection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

final class InMemoryProjection implements Projection {
    private final InMemoryStore.Outage outage;
    private final Map<String, Log> logs = new HashMap<>();

    InMemoryProjection(InMemoryStore.Outage outage) {
        this.outage = outage;
    }

    @Override
    public synchronized void project(String profile, long sequence, List<JournalEntry> entries) {
        Log log = log(profile);
        if (sequence > log.journal) {
            entries.forEach(entry -> log.add(profile, entry));
            log.journal = sequence;
        }
    }

    @Override
    public synchronized long journalSequence(String profile) {
        return log(profile).journal;
    }

    @Override
    public synchronized void index(String profile, long sequence, List<EventEntry> events) {
        Log log = log(profile);
        for (EventEntry event : events) {
            if (event.sequence() > log.indexed) {
                log.events.putIfAbsent(event.sequence(), stored(event));
            }
        }
        log.indexed = Math.max(log.indexed, sequence);
    }

    private static EventEntry stored(EventEntry event) {
        return new EventEntry(
                event.sequence(),
                event.id(),
                event.source(),
                event.type(),
                event.subject(),
                InMemoryStore.stored(event.time()),
                event.bytes());
    }

    @Override
    public synchronized Optional<Run> findRun(String profile, String runId) {
        return Optional.ofNullable(log(profile).runs.get(runId));
    }

    @Override
    public synchronized Page<Run> runs(String profile, RunQuery query) {
        Stream<Run> runs = log(profile).runs.values().stream()
                .filter(run -> query.recipe() == null || query.recipe().equals(run.recipe()))
                .filter(run -> query.rule() == null || query.rule().equals(run.rule()))
                .filter(run -> query.eventId() == null || query.eventId().equals(run.eventId()))
                .filter(run -> query.state() == null || query.state() == run.state());
        return page(runs, run -> new Place(run.started(), run.id()), query.cursor(), query.limit());
    }

    @Override
    public synchronized Page<AuditEntry> audit(String profile, AuditQuery query) {
        Stream<AuditEntry> entries = log(profile).decisions.values().stream()
                .filter(entry -> query.permitted() == null || query.permitted() == entry.permitted())
                .filter(entry -> query.action() == null || query.action().equals(entry.action()))
                .filter(entry -> query.eventId() == null || query.eventId().equals(entry.eventId()));
        return page(entries, entry -> new Place(entry.time(), entry.id()), query.cursor(), query.limit());
    }

    @Override
    public synchronized Optional<EventEntry> findEvent(String profile, String eventId) {
        return log(profile).events.descendingMap().values().stream()
                .filter(event -> event.id().equals(eventId))
                .findFirst();
    }

    @Override
    public synchronized Page<EventEntry> events(String profile, EventQuery query) {
        String prefix = query.typePrefix() == null ? "" : query.typePrefix();
        Stream<EventEntry> events = log(profile).events.values().stream()
                .filter(event -> event.type().startsWith(prefix));
        return page(
                events, event -> new Place(Instant.ofEpochMilli(event.sequence()), ""), query.cursor(), query.limit());
    }

    private Log log(String profile) {
        outage.check();
        return logs.computeIfAbsent(profile, name -> new Log());
    }

    private static <T> Page<T> page(Stream<T> all, Function<T, Place> place, @Nullable String cursor, int limit) {
        Place after = cursor == null ? null : Place.parse(cursor);
        List<T> found = all.filter(item -> after == null || place.apply(item).compareTo(after) < 0)
                .sorted(Comparator.comparing(place).reversed())
                .limit(limit + 1L)
                .toList();
        return found.size() <= limit
                ? new Page<>(found, null)
                : new Page<>(
                        found.subList(0, limit),
                        place.apply(found.get(limit - 1)).toString());
    }

    /** A place in a list that is ordered by time. */
    private record Place(Instant time, String id) implements Comparable<Place> {
        static Place parse(String cursor) {
            String[] parts = cursor.split("_", 2);
            try {
                return new Place(Instant.parse(parts[0]), parts.length == 2 ? parts[1] : "");
            } catch (RuntimeException e) {
                throw HelixException.invalid("cursor '" + cursor + "' was not given out by this server");
            }
        }

        @Override
        public int compareTo(Place other) {
            return Comparator.comparing(Place::time).thenComparing(Place::id).compare(this, other);
        }

        @Override
        public String toString() {
            return time + "_" + id;
        }
    }

    /** What one profile's journal and events have come to. */
    private static final class Log {
        private final Map<String, Run> runs = new LinkedHashMap<>();
        private final Map<String, AuditEntry> decisions = new LinkedHashMap<>();
        private final TreeMap<Long, EventEntry> events = new TreeMap<>();
        private long journal;
        private long indexed;

        void add(String profile, JournalEntry entry) {
            switch (entry) {
                case JournalEntry.RunStarted started -> runs.putIfAbsent(started.runId(), run(profile, started));
                case JournalEntry.StepEnded ended ->
                    runs.computeIfPresent(ended.runId(), (id, run) -> withStep(run, stored(ended.step())));
                case JournalEntry.RunEnded ended -> runs.computeIfPresent(ended.runId(), (id, run) -> end(run, ended));
                case JournalEntry.Decided decided ->
                    decisions.putIfAbsent(decided.entry().id(), stored(decided.entry()));
            }
        }

        private static Run run(String profile, JournalEntry.RunStarted started) {
            return new Run(
                    started.runId(),
                    profile,
                    started.recipe(),
                    started.recipeRevision(),
                    started.rule(),
                    started.ruleRevision(),
                    started.eventId(),
                    started.eventSource(),
                    started.principal(),
                    started.policies(),
                    started.late(),
                    RunState.RUNNING,
                    InMemoryStore.stored(started.time()),
                    null,
                    "",
                    List.of());
        }

        private static Run withStep(Run run, StepRecord step) {
            boolean known = run.steps().stream().anyMatch(other -> other.step().equals(step.step()));
            if (known || run.state().ended()) {
                return run;
            }
            List<StepRecord> steps = new ArrayList<>(run.steps());
            steps.add(step);
            return copy(run, run.state(), run.ended(), run.error(), steps);
        }

        private static Run end(Run run, JournalEntry.RunEnded ended) {
            return run.state().ended()
                    ? run
                    : copy(run, ended.state(), InMemoryStore.stored(ended.time()), ended.error(), run.steps());
        }

        private static Run copy(
                Run run, RunState state, @Nullable Instant ended, String error, List<StepRecord> steps) {
            return new Run(
                    run.id(),
                    run.profile(),
                    run.recipe(),
                    run.recipeRevision(),
                    run.rule(),
                    run.ruleRevision(),
                    run.eventId(),
                    run.eventSource(),
                    run.principal(),
                    run.policies(),
                    run.late(),
                    state,
                    run.started(),
                    ended,
                    error,
                    steps);
        }

        private static StepRecord stored(StepRecord step) {
            return new StepRecord(
                    step.step(),
                    step.agent(),
                    step.state(),
                    step.attempts(),
                    InMemoryStore.stored(step.started()),
                    InMemoryStore.stored(step.ended()),
                    step.output(),
                    step.error(),
                    step.policies(),
                    step.emitted());
        }

        private static AuditEntry stored(AuditEntry entry) {
            return new AuditEntry(
                    entry.id(),
                    InMemoryStore.stored(entry.time()),
                    entry.principal(),
                    entry.action(),
                    entry.resource(),
                    entry.permitted(),
                    entry.policies(),
                    entry.reason(),
                    entry.eventId());
        }
    }
}
