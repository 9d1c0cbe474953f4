package io.helix.shell;

import io.helix.api.control.ControlPlane.RuleStatus;
import io.helix.api.document.Document;
import io.helix.api.document.Kind;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:rules}. */
@Service
@Command(scope = "helix", name = "rules", description = "Lists rules and how they do since the start")
public final class ListRules extends HelixCommand {

    @Override
    void run(Screen screen) {
        Map<String, RuleStatus> known = control().ruleStatus(caller(), profile()).stream()
                .collect(Collectors.toMap(RuleStatus::name, Function.identity()));
        List<RuleStatus> rules = documents(Kind.RULE).stream()
                .map(rule -> known.getOrDefault(rule.key().name(), leftOut(rule)))
                .toList();
        Table table = new Table(
                        "NAME", "REVISION", "STATE", "REMEMBERS", "FIRED", "THROTTLED", "FAILED", "LAST FIRED (UTC)")
                .whole("NAME", "LAST FIRED (UTC)");
        rules.forEach(rule -> table.row(
                rule.name(),
                rule.revision(),
                rule.state(),
                rule.remembers(),
                rule.fired(),
                rule.throttled(),
                rule.failed(),
                ShellForms.time(rule.lastFired())));
        screen.list(rules, table, "there are no rules");
        if (!screen.json()) {
            rules.forEach(rule -> reasons(screen, rule));
        }
    }

    private static void reasons(Screen screen, RuleStatus rule) {
        if (!rule.reason().isEmpty()) {
            screen.text(rule.name() + " is " + rule.state() + ": " + rule.reason());
        }
        if (rule.failed() > 0) {
            screen.text(rule.name() + " failed the last time because: " + rule.lastFailure());
        }
    }

    /** A stored rule that no longer compiles is not live, but it must not be missing from the list. */
    private static RuleStatus leftOut(Document rule) {
        String reason = "it does not compile; helix:apply says why";
        return new RuleStatus(rule.key().name(), rule.revision(), "left out", reason, 0, 0, 0, 0, null, 0, "");
    }
}
