package io.helix.shell;

import io.helix.api.control.ControlPlane.BackTest;
import io.helix.api.control.ControlPlane.BackTestSide;
import io.helix.api.control.ControlPlane.Firing;
import io.helix.api.control.PastPeriod;
import java.io.IOException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.TreeSet;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;
import org.jspecify.annotations.Nullable;

/** {@code helix:backtest}. */
@Service
@Command(
        scope = "helix",
        name = "backtest",
        description = "Says what a rule would have done with the stored events; triggers nothing")
public final class BackTestRule extends HelixCommand {
    private static final int MOST = 20;

    @Argument(index = 0, name = "name", description = "The stored rule; with --file the rule to compare with")
    @Completion(RuleNames.class)
    @Nullable
    String name;

    @Option(name = "--file", description = "Try the one rule of this file of the server, YAML or JSON")
    @Completion(FileCompleter.class)
    @Nullable
    String file;

    @Option(name = "--from", description = "A time such as 2026-11-24T10:15:30Z, or so long ago, such as 7d")
    String from = "24h";

    @Option(name = "--to", description = "The same; now when absent")
    @Nullable
    String to;

    @Override
    void run(Screen screen) throws IOException {
        PastPeriod period = PastPeriod.parse(from, to, InstantSource.system().instant());
        BackTest result =
                control().backTest(caller(), profile(), documents(file, name), name, period.from(), period.to());
        if (screen.json()) {
            screen.json(result);
            return;
        }
        summary(screen, result);
        days(screen, result);
        firings(screen, "gained", result.gained());
        firings(screen, "lost", result.lost());
    }

    private static void summary(Screen screen, BackTest result) {
        screen.line("rule " + result.rule() + ", " + result.events() + " events from " + ShellForms.time(result.from())
                + " to " + ShellForms.time(result.to()) + " UTC");
        if (!result.complete()) {
            screen.line("not complete: a limit ended it early; try a shorter time");
        }
        if (result.cut()) {
            screen.line("not all are listed: there are more firings than the lists hold; the counts are whole");
        }
        BackTestSide current = result.current();
        screen.line(current == null ? "current: not stored" : side("current", current));
        screen.line(side("candidate", result.candidate()));
    }

    private static String side(String what, BackTestSide side) {
        return what + (side.revision() == 0 ? "" : ", revision " + side.revision()) + ": fires " + side.fired()
                + " times, throttles " + side.throttled();
    }

    private static void days(Screen screen, BackTest result) {
        BackTestSide current = result.current();
        TreeSet<LocalDate> days = new TreeSet<>(result.candidate().perDay().keySet());
        if (current != null) {
            days.addAll(current.perDay().keySet());
        }
        Table table = new Table("DAY (UTC)", "CURRENT", "CANDIDATE");
        days.forEach(day -> table.row(day, current == null ? "-" : on(day, current), on(day, result.candidate())));
        screen.list(days, table, "it fires on no day");
    }

    private static long on(LocalDate day, BackTestSide side) {
        return side.perDay().getOrDefault(day, 0L);
    }

    private static void firings(Screen screen, String what, List<Firing> firings) {
        if (firings.isEmpty()) {
            return;
        }
        screen.line(what + ":");
        Table table = new Table("TIME (UTC)", "KEY", "EVENTS").whole("TIME (UTC)");
        firings.stream()
                .limit(MOST)
                .forEach(firing ->
                        table.row(ShellForms.time(firing.time()), firing.key(), String.join(" ", firing.events())));
        screen.list(firings, table, "");
        if (firings.size() > MOST) {
            screen.line((firings.size() - MOST) + " more; --json lists them");
        }
    }
}
