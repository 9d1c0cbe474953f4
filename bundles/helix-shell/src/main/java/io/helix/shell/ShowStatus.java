package io.helix.shell;

import io.helix.api.control.ControlPlane.Status;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:status}. */
@Service
@Command(scope = "helix", name = "status", description = "Shows whether Helix is ready, and how much there is of what")
public final class ShowStatus extends HelixCommand {

    @Override
    void run(Screen screen) {
        Status status = control().status(caller());
        if (screen.json()) {
            screen.json(status);
            return;
        }
        screen.line("Helix " + status.version() + ", started " + ShellForms.time(status.started()) + " UTC");
        screen.line(status.profiles() + " profiles, " + status.rules() + " rules, " + status.recipes() + " recipes, "
                + status.agents() + " agents, " + status.agentTypes() + " agent types");
        Table table = new Table("PART", "STATE", "DETAIL");
        status.health().forEach(part -> table.row(part.part(), part.state(), part.detail()));
        screen.list(status.health(), table, "no part reports its health");
    }
}
