package io.helix.shell;

import io.helix.api.vault.Vault;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:credentials}. */
@Service
@Command(scope = "helix", name = "credentials", description = "Lists credentials, never their secrets")
public final class ListCredentials extends HelixCommand {

    @Override
    void run(Screen screen) {
        List<Vault.Version> credentials = control().credentials(caller(), profile());
        Table table = new Table("NAME", "VERSION", "AUTHOR", "CREATED (UTC)");
        credentials.forEach(version ->
                table.row(version.name(), version.version(), version.author(), ShellForms.time(version.created())));
        screen.list(credentials, table, "there are no credentials");
    }
}
