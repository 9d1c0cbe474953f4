package io.helix.shell;

import io.helix.api.control.ControlPlane.Fact;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:facts}. */
@Service
@Command(scope = "helix", name = "facts", description = "Lists what is known in the profile beside its events")
public final class ListFacts extends HelixCommand {

    @Override
    void run(Screen screen) {
        List<Fact> facts = control().facts(caller(), profile());
        Table table = new Table("NAME", "VALUE", "SINCE (UTC)", "AUTHOR");
        facts.forEach(
                fact -> table.row(fact.name(), fact.value().toString(), ShellForms.time(fact.since()), fact.author()));
        screen.list(facts, table, "no facts are set");
    }
}
