package io.helix.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:fact-remove}. */
@Service
@Command(scope = "helix", name = "fact-remove", description = "Removes a fact; expressions see false in its place")
public final class RemoveFact extends HelixCommand {
    @Argument(index = 0, name = "name", description = "Its name", required = true)
    @Completion(FactNames.class)
    String name = "";

    @Override
    void run(Screen screen) {
        control().removeFact(caller(), profile(), name);
        screen.line("removed fact " + name);
    }
}
