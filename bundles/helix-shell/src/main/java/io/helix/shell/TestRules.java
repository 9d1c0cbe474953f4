package io.helix.shell;

import io.helix.api.HelixException;
import io.helix.api.control.ControlPlane.RuleTestCase;
import io.helix.api.control.ControlPlane.RuleTestReport;
import io.helix.api.control.RuleTests;
import java.io.IOException;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;
import org.jspecify.annotations.Nullable;

/** {@code helix:rule-test}. */
@Service
@Command(
        scope = "helix",
        name = "rule-test",
        description =
                "Runs the tests that are written in a stored rule, or in the rules of a file; fails when one fails")
public final class TestRules extends HelixCommand {
    @Argument(index = 0, name = "name", description = "The rule; with --file all rules of the file when absent")
    @Completion(RuleNames.class)
    @Nullable
    String name;

    @Option(name = "--file", description = "Test the rules of this file of the server, YAML or JSON")
    @Completion(FileCompleter.class)
    @Nullable
    String file;

    @Override
    void run(Screen screen) throws IOException {
        List<RuleTestReport> reports = control().testRules(caller(), profile(), documents(file, name), name);
        if (screen.json()) {
            screen.json(RuleTests.of(reports));
        } else {
            reports.forEach(report -> show(screen, report));
        }
        List<RuleTestCase> cases =
                reports.stream().flatMap(report -> report.cases().stream()).toList();
        long failed = cases.stream().filter(one -> !one.passed()).count();
        if (failed > 0) {
            throw HelixException.invalid(failed + " of " + cases.size() + " tests failed");
        }
    }

    private static void show(Screen screen, RuleTestReport report) {
        if (report.cases().isEmpty()) {
            screen.line("rule " + report.rule() + " has no tests");
            return;
        }
        screen.line("rule " + report.rule());
        for (RuleTestCase one : report.cases()) {
            screen.text((one.passed() ? "  ok      " : "  failed  ") + Table.visible(one.name()));
            screen.text(one.message().indent(10));
        }
    }
}
