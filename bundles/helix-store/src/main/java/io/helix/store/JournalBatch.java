package io.helix.store;

import static io.helix.store.Sql.visible;

import io.helix.api.recipe.RunState;
import io.helix.api.recipe.StepRecord;
import io.helix.api.store.JournalEntry;
import io.helix.api.store.Projection.AuditEntry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sorts entries into one JDBC batch for each table. What becomes of an entry depends on those before it, so the states
 * of the runs are followed in memory: steps and ends of runs that have ended, or are not known, are dropped.
 */
final class JournalBatch {
    // Places in the row of a new run. Most runs begin and end in one batch; an update of a row just made would cost as
    // much as the row.
    private static final int STATE = 11;
    private static final int ENDED = 13;
    private static final int ERROR = 14;

    private final String profile;
    private final Map<String, RunState> states;
    private final Map<String, @Nullable Object[]> starts = new LinkedHashMap<>();
    private final List<@Nullable Object[]> steps = new ArrayList<>();
    private final List<@Nullable Object[]> ends = new ArrayList<>();
    private final List<@Nullable Object[]> decisions = new ArrayList<>();

    /** @param states of the runs that are in the database */
    JournalBatch(String profile, Map<String, RunState> states) {
        this.profile = profile;
        this.states = new HashMap<>(states);
    }

    void add(JournalEntry entry) {
        switch (entry) {
            case JournalEntry.RunStarted started -> start(started);
            case JournalEntry.StepEnded ended -> step(ended);
            case JournalEntry.RunEnded ended -> end(ended);
            case JournalEntry.Decided decided -> decide(decided.entry());
        }
    }

    private void start(JournalEntry.RunStarted run) {
        if (states.putIfAbsent(run.runId(), RunState.RUNNING) != null) {
            return;
        }
        starts.put(run.runId(), new @Nullable Object[] {
            profile,
            run.runId(),
            run.recipe(),
            run.recipeRevision(),
            run.rule(),
            run.ruleRevision(),
            visible(run.eventId()),
            IndexKey.of(run.eventId()),
            visible(run.eventSource()),
            visible(run.principal()),
            Json.text(run.policies()),
            RunState.RUNNING.name(),
            run.time(),
            null,
            "",
            run.late()
        });
    }

    private void step(JournalEntry.StepEnded ended) {
        if (states.get(ended.runId()) != RunState.RUNNING) {
            return;
        }
        StepRecord step = ended.step();
        steps.add(new @Nullable Object[] {
            profile,
            ended.runId(),
            visible(step.step()),
            visible(step.agent()),
            step.state().name(),
            step.attempts(),
            step.started(),
            step.ended(),
            Json.text(step.output()),
            visible(step.error()),
            Json.text(step.policies()),
            Json.text(step.emitted())
        });
    }

    private void end(JournalEntry.RunEnded ended) {
        if (states.get(ended.runId()) != RunState.RUNNING) {
            return;
        }
        states.put(ended.runId(), ended.state());
        @Nullable Object[] started = starts.get(ended.runId());
        if (started != null) {
            started[STATE] = ended.state().name();
            started[ENDED] = ended.time();
            started[ERROR] = visible(ended.error());
            return;
        }
        ends.add(new @Nullable Object[] {
            ended.state().name(), ended.time(), visible(ended.error()), profile, ended.runId(), RunState.RUNNING.name()
        });
    }

    private void decide(AuditEntry entry) {
        decisions.add(new @Nullable Object[] {
            profile,
            entry.id(),
            entry.time(),
            visible(entry.principal()),
            visible(entry.action()),
            visible(entry.resource()),
            entry.permitted(),
            Json.text(entry.policies()),
            visible(entry.reason()),
            visible(entry.eventId()),
            IndexKey.ofNullable(entry.eventId())
        });
    }

    void write(Connection connection) throws SQLException {
        Sql.batch(
                connection,
                "insert into run (profile, id, recipe, recipe_revision, rule_name, rule_revision, event_id, event_key,"
                        + " event_source, principal, policies, state, started, ended, error, late)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                List.copyOf(starts.values()));
        Sql.batch(
                connection,
                "insert into run_step (profile, run_id, step, agent, state, attempts, started, ended, output, error,"
                        + " policies, emitted) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                steps);
        Sql.batch(
                connection,
                "update run set state = ?, ended = ?, error = ? where profile = ? and id = ? and state = ?",
                ends);
        Sql.batch(
                connection,
                "insert into audit (profile, id, decided, principal, action, resource, permitted, policies, reason,"
                        + " event_id, event_key) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                decisions);
    }
}
