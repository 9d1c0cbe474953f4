package io.helix.shell;

import io.helix.api.control.ControlPlane.Fact;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:fact-set}. */
@Service
@Command(scope = "helix", name = "fact-set", description = "Sets a fact, which expressions see as facts.NAME")
public final class SetFact extends HelixCommand {
    @Argument(index = 0, name = "name", description = "Its name: letters, digits and _", required = true)
    @Completion(FactNames.class)
    String name = "";

    @Argument(index = 1, name = "value", description = "JSON or plain text, for example true", required = true)
    String value = "";

    @Override
    void run(Screen screen) {
        Fact fact = control().setFact(caller(), profile(), name, ShellForms.value(value));
        if (screen.json()) {
            screen.json(fact);
        } else {
            screen.line(fact.name() + " is " + fact.value() + " since " + ShellForms.time(fact.since()));
        }
    }
}
