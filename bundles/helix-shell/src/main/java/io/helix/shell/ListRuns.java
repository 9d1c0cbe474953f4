package io.helix.shell;

import io.helix.api.HelixException;
import io.helix.api.recipe.Run;
import io.helix.api.recipe.RunState;
import io.helix.api.store.Projection.RunQuery;
import java.util.List;
import java.util.Locale;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** {@code helix:runs}. */
@Service
@Command(scope = "helix", name = "runs", description = "Lists runs, newest first")
public final class ListRuns extends HelixCommand {
    @Option(name = "--recipe", description = "Only of this recipe")
    @Completion(RecipeNames.class)
    @Nullable
    String recipe;

    @Option(name = "--rule", description = "Only of this rule")
    @Completion(RuleNames.class)
    @Nullable
    String rule;

    @Option(name = "--event", description = "Only of the event with this id")
    @Nullable
    String event;

    @Option(name = "--state", description = "Only running, succeeded or failed")
    @Nullable
    String state;

    @Option(name = "--limit", description = "At most so many")
    int limit = 20;

    @Override
    void run(Screen screen) {
        RunQuery query = new RunQuery(recipe, rule, event, state == null ? null : state(state), null, limit);
        List<Run> runs = control().runs(caller(), profile(), query).items();
        Table table = new Table("STARTED (UTC)", "STATE", "RECIPE", "RULE", "RUN", "ERROR");
        runs.forEach(run -> table.row(
                ShellForms.time(run.started()),
                ShellForms.state(run),
                run.recipe(),
                run.rule() == null ? "by hand" : run.rule(),
                run.id(),
                run.error()));
        screen.list(runs, table, "there are no runs");
    }

    private static RunState state(String text) {
        for (RunState state : RunState.values()) {
            if (state.name().equals(text.toUpperCase(Locale.ROOT))) {
                return state;
            }
        }
        throw HelixException.invalid("--state must be running, succeeded or failed, not '" + text + "'");
    }
}
