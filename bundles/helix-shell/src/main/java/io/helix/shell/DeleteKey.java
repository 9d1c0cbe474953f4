package io.helix.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:key-delete}. */
@Service
@Command(scope = "helix", name = "key-delete", description = "Deletes an API key")
public final class DeleteKey extends HelixCommand {
    @Argument(index = 0, name = "id", description = "Its id, as in helix:keys", required = true)
    @Completion(KeyIds.class)
    String id = "";

    @Override
    void run(Screen screen) {
        control().deleteApiKey(caller(), profile(), id);
        screen.line("deleted API key " + id);
    }
}
