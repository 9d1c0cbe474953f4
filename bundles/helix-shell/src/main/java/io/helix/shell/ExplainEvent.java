package io.helix.shell;

import io.helix.api.control.ControlPlane.Explanation;
import io.helix.api.control.ControlPlane.RoleReport;
import io.helix.api.control.ControlPlane.ThrottleReport;
import io.helix.api.control.ControlPlane.WhereReport;
import io.helix.api.rule.ConditionReport;
import io.helix.api.store.Projection.AuditEntry;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

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
        explanation.roles().forEach(role -> role(screen, role));
        where(screen, "all roles, where ", explanation.where());
        waiting(screen, explanation);
        throttle(screen, explanation.throttle());
        decision(screen, explanation.decision());
        explanation.runs().forEach(run -> screen.line("run " + run.id() + " " + ShellForms.state(run)));
    }

    private static void role(Screen screen, RoleReport role) {
        screen.line("role " + role.alias() + (role.absent() ? ", which must not happen" : "") + ": "
                + (role.matches() ? "matches" : "does not match") + (role.note().isEmpty() ? "" : ", " + role.note()));
        screen.list(role.conditions(), conditions(role), "it has no conditions");
        where(screen, "where ", role.where());
        if (role.key() != null) {
            screen.line("key " + role.key());
        }
    }

    private static Table conditions(RoleReport role) {
        Table table = new Table("", "FIELD", "TEST", "VALUE");
        boolean failed = false;
        for (ConditionReport condition : role.conditions()) {
            String mark = condition.passed() ? "yes" : failed ? "no" : "-> no";
            table.row(mark, condition.path(), condition.test(), condition.absent() ? "absent" : condition.value());
            failed |= !condition.passed();
        }
        return table;
    }

    private static void where(Screen screen, String what, @Nullable WhereReport where) {
        if (where != null) {
            screen.line(what + where.source() + ": " + where.outcome());
        }
    }

    private static void waiting(Screen screen, Explanation explanation) {
        if (explanation.waiting().isEmpty()) {
            return;
        }
        screen.line("the rule waits with these events");
        Table table = new Table("ROLE", "KEY", "EVENT", "SINCE (UTC)", "UNTIL (UTC)").whole("EVENT");
        explanation
                .waiting()
                .forEach(waiting -> table.row(
                        waiting.alias(),
                        waiting.key(),
                        waiting.eventId(),
                        ShellForms.time(waiting.since()),
                        ShellForms.time(waiting.until())));
        screen.list(explanation.waiting(), table, "");
    }

    private static void throttle(Screen screen, @Nullable ThrottleReport throttle) {
        if (throttle != null) {
            String state = throttle.closedUntil() == null
                    ? "open"
                    : "closed until " + ShellForms.time(throttle.closedUntil()) + " UTC";
            screen.line("throttle " + throttle.mode() + (throttle.key().isEmpty() ? "" : ", key " + throttle.key())
                    + ": " + state + ", holds " + throttle.held());
        }
    }

    private static void decision(Screen screen, @Nullable AuditEntry decision) {
        if (decision != null) {
            String policies = String.join(", ", decision.policies());
            boolean named = policies.isEmpty() || decision.reason().contains(policies);
            screen.line((decision.permitted() ? "permitted: " : "forbidden: ")
                    + decision.reason()
                    + (named ? "" : " (" + policies + ")"));
        }
    }
}
