package io.helix.shell;

import io.helix.api.HelixException;
import io.helix.api.recipe.Run;
import io.helix.api.recipe.StepRecord;
import java.time.Duration;
import java.util.Locale;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:run}. */
@Service
@Command(scope = "helix", name = "run", description = "Shows one run with its steps; helix:start runs a recipe")
public final class ShowRun extends HelixCommand {
    @Argument(index = 0, name = "id", description = "The id of the run", required = true)
    String id = "";

    @Override
    void run(Screen screen) {
        Run run = control()
                .findRun(caller(), profile(), id)
                .orElseThrow(() -> HelixException.notFound(
                        "there is no run '" + id + "'; helix:start runs a recipe, helix:runs lists runs"));
        if (screen.json()) {
            screen.json(run);
            return;
        }
        screen.line(run.recipe() + " revision " + run.recipeRevision() + ": "
                + ShellForms.state(run) + ", " + ShellForms.time(run.started()) + " to "
                + ShellForms.time(run.ended()) + " UTC");
        screen.line(
                run.rule() == null
                        ? "by hand, principal " + run.principal()
                        : "rule " + run.rule() + " revision " + run.ruleRevision() + ", event " + run.eventId());
        if (run.late()) {
            screen.line("late: it was due while Helix was not running");
        }
        if (!run.error().isEmpty()) {
            screen.line("error: " + run.error());
        }
        screen.list(run.steps(), steps(run), "no step has ended");
    }

    private static Table steps(Run run) {
        Table table = new Table("STEP", "STATE", "AGENT", "TRIES", "MS", "RESULT");
        for (StepRecord step : run.steps()) {
            table.row(
                    step.step(),
                    step.state().name().toLowerCase(Locale.ROOT),
                    step.agent(),
                    step.attempts(),
                    Duration.between(step.started(), step.ended()).toMillis(),
                    result(step));
        }
        return table;
    }

    private static String result(StepRecord step) {
        if (!step.error().isEmpty()) {
            return step.error();
        }
        return step.output().isMissingNode() ? "" : step.output().toString();
    }
}
