package io.helix.store;

import io.helix.api.Page;
import io.helix.api.recipe.Run;
import io.helix.api.recipe.RunState;
import io.helix.api.recipe.StepRecord;
import io.helix.api.recipe.StepState;
import io.helix.api.store.Projection.RunQuery;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads runs with their steps. */
final class SqlRuns {
    private static final int CHUNK = 200;
    private static final String SELECT = "select id, profile, recipe, recipe_revision, rule_name, rule_revision,"
            + " event_id, event_source, principal, policies, state, started, ended, error, late from run where profile = ?";

    private SqlRuns() {}

    static Optional<Run> find(Connection connection, String profile, String id) throws SQLException {
        List<Head> heads = Sql.list(connection, SELECT + " and id = ?", Head::read, profile, id);
        return withSteps(connection, profile, heads).stream().findFirst();
    }

    static Page<Run> page(Connection connection, String profile, RunQuery query) throws SQLException {
        List<Head> heads = new Query(SELECT, profile)
                .equal("recipe", query.recipe())
                .equal("rule_name", query.rule())
                .equal("event_key", IndexKey.ofNullable(query.eventId()))
                .equal("state", query.state() == null ? null : query.state().name())
                .after(query.cursor(), "started")
                .newest(connection, "started desc, id desc", query.limit() + 1, Head::read);
        Page<Head> page = Cursor.page(heads, query.limit(), Head::place);
        return new Page<>(withSteps(connection, profile, page.items()), page.next());
    }

    static Map<String, RunState> states(Connection connection, String profile, Collection<String> ids)
            throws SQLException {
        Map<String, RunState> states = new HashMap<>();
        inChunks(
                connection,
                "select id, state from run where profile = ? and id in ",
                "",
                profile,
                ids,
                row -> states.put(row.getString(1), RunState.valueOf(row.getString(2))));
        return states;
    }

    private static List<Run> withSteps(Connection connection, String profile, List<Head> heads) throws SQLException {
        Map<String, List<StepRecord>> steps = new HashMap<>();
        inChunks(
                connection,
                "select run_id, step, agent, state, attempts, started, ended, output, error, policies, emitted"
                        + " from run_step where profile = ? and run_id in ",
                " order by ordinal",
                profile,
                heads.stream().map(head -> head.run().id()).toList(),
                row -> steps.computeIfAbsent(row.getString("run_id"), id -> new ArrayList<>())
                        .add(step(row)));
        return heads.stream()
                .map(head -> head.with(steps.getOrDefault(head.run().id(), List.of())))
                .toList();
    }

    private static void inChunks(
            Connection connection, String select, String order, String profile, Collection<String> ids, Sql.Row<?> row)
            throws SQLException {
        List<String> left = List.copyOf(ids);
        while (!left.isEmpty()) {
            List<String> chunk = left.subList(0, Math.min(CHUNK, left.size()));
            left = left.subList(chunk.size(), left.size());
            List<Object> arguments = new ArrayList<>(List.of(profile));
            arguments.addAll(chunk);
            String places = String.join(", ", Collections.nCopies(chunk.size(), "?"));
            Sql.list(connection, select + "(" + places + ")" + order, row, arguments.toArray());
        }
    }

    private static StepRecord step(ResultSet row) throws SQLException {
        return new StepRecord(
                row.getString("step"),
                row.getString("agent"),
                StepState.valueOf(row.getString("state")),
                row.getInt("attempts"),
                Sql.time(row, "started"),
                Sql.time(row, "ended"),
                Json.node(row.getString("output")),
                row.getString("error"),
                Json.list(row.getString("policies")),
                Json.list(row.getString("emitted")));
    }

    /** A run whose steps have not been read. */
    private record Head(Run run) {
        static Head read(ResultSet row) throws SQLException {
            return new Head(new Run(
                    row.getString("id"),
                    row.getString("profile"),
                    row.getString("recipe"),
                    row.getLong("recipe_revision"),
                    row.getString("rule_name"),
                    row.getLong("rule_revision"),
                    row.getString("event_id"),
                    row.getString("event_source"),
                    row.getString("principal"),
                    Json.list(row.getString("policies")),
                    row.getBoolean("late"),
                    RunState.valueOf(row.getString("state")),
                    Sql.time(row, "started"),
                    Sql.timeOrNull(row, "ended"),
                    row.getString("error"),
                    List.of()));
        }

        Cursor place() {
            return new Cursor(run.started(), run.id());
        }

        Run with(List<StepRecord> steps) {
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
                    run.state(),
                    run.started(),
                    run.ended(),
                    run.error(),
                    steps);
        }
    }
}
