package io.helix.shell;

import io.helix.api.control.ControlPlane.Explanation;
import io.helix.api.control.ControlPlane.WhereReport;
import io.helix.api.rule.ConditionReport;
import io.helix.api.store.Projection.AuditEntry;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:explain}. */
@Service
@Command(scope = "helix", name = "explain", description = "Says why a rule did or did not fire for an event")
public final class ExplainEvent extends HelixCommand {
    @Argument(index = 0, name = "event", description = "The id of the event", required = true)
    String event = "";

    @Argument(index = 1, name = "rule", description = "The name of the rule", required = true)
    @Completion(RuleNames.class)
    String rule = "";

    @Override
    void run(Screen screen) {
        Explanation explanation = control().explain(caller(), profile(), event, rule);
        if (screen.json()) {
            screen.json(explanation);
            return;
        }
        screen.line("rule " + explanation.rule() + " revision " + explanation.ruleRevision()
                + (explanation.fires() ? " fires: " : " does not fire: ") + explanation.summary());
        screen.list(explanation.conditions(), conditions(explanation), "the rule has no conditions");
        WhereReport where = explanation.where();
        if (where != null) {
            screen.line("where " + where.source() + ": " + where.outcome());
        }
        AuditEntry decision = explanation.decision();
        if (decision != null) {
            screen.line((decision.permitted() ? "permitted by " : "forbidden by ")
                    + String.join(", ", decision.policies()) + " " + decision.reason());
        }
        explanation.runs().forEach(run -> screen.line("run " + run.id() + " " + run.state()));
    }

    private static Table conditions(Explanation explanation) {
        Table table = new Table("", "FIELD", "TEST", "VALUE");
        for (ConditionReport condition : explanation.conditions()) {
            table.row(
                    condition.passed() ? "yes" : "no",
                    condition.path(),
                    condition.test(),
                    condition.absent() ? "absent" : condition.value());
        }
        return table;
    }
}
