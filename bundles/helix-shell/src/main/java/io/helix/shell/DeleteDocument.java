package io.helix.shell;

import io.helix.api.document.DocumentKey;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:delete}. */
@Service
@Command(scope = "helix", name = "delete", description = "Deletes a document")
public final class DeleteDocument extends HelixCommand {
    @Argument(index = 0, name = "kind", description = "agent, rule, recipe, policy or profile", required = true)
    @Completion(KindWords.class)
    String kind = "";

    @Argument(index = 1, name = "name", description = "Its name", required = true)
    String name = "";

    @Override
    void run(Screen screen) {
        DocumentKey key = KindWords.key(profile(), kind, name);
        control().delete(caller(), key, null);
        screen.line("deleted " + key);
    }
}
