package io.helix.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:credential-delete}. */
@Service
@Command(scope = "helix", name = "credential-delete", description = "Deletes all versions of a credential")
public final class DeleteCredential extends HelixCommand {
    @Argument(index = 0, name = "name", description = "Its name", required = true)
    @Completion(CredentialNames.class)
    String name = "";

    @Override
    void run(Screen screen) {
        control().deleteCredential(caller(), profile(), name);
        screen.line("deleted credential " + name);
    }
}
