package io.helix.shell;

import io.helix.api.store.ApiKeys.ApiKey;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:keys}. */
@Service
@Command(scope = "helix", name = "keys", description = "Lists API keys, never their secrets")
public final class ListKeys extends HelixCommand {

    @Override
    void run(Screen screen) {
        List<ApiKey> keys = control().apiKeys(caller(), profile());
        Table table = new Table("ID", "NAME", "PROFILE", "ROLES", "SCOPES", "CREATED (UTC)", "EXPIRES (UTC)");
        keys.forEach(key -> table.row(
                key.id(),
                key.name(),
                key.profile(),
                String.join(" ", key.roles()),
                String.join(" ", key.scopes()),
                ShellForms.time(key.created()),
                ShellForms.time(key.expires())));
        screen.list(keys, table, "there are no API keys");
    }
}
