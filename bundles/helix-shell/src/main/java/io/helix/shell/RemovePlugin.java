package io.helix.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:plugin-remove}. */
@Service
@Command(scope = "helix", name = "plugin-remove", description = "Removes a plugin; calls that are running finish")
public final class RemovePlugin extends HelixCommand {
    @Argument(index = 0, name = "name", description = "Its name, as in helix:plugins", required = true)
    @Completion(PluginNames.class)
    String name = "";

    @Override
    void run(Screen screen) {
        control().removePlugin(caller(), name);
        screen.line("removed plugin " + name);
    }
}
