package io.helix.shell;

import io.helix.api.control.ControlPlane.NewApiKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:key-create}. */
@Service
@Command(scope = "helix", name = "key-create", description = "Makes an API key and shows it, once")
public final class CreateKey extends HelixCommand {
    @Argument(index = 0, name = "name", description = "What it is for", required = true)
    String name = "";

    @Option(name = "--role", description = "admin, operator or viewer; may be repeated", multiValued = true)
    List<String> roles = List.of("operator");

    @Option(name = "--scope", description = "read, write or admin; may be repeated", multiValued = true)
    List<String> scopes = List.of("read", "write");

    @Option(name = "--days", description = "Expires after so many days; never when 0")
    int days = 0;

    @Override
    void run(Screen screen) {
        Instant expires = days > 0 ? InstantSource.system().instant().plus(Duration.ofDays(days)) : null;
        NewApiKey made =
                control().createApiKey(caller(), profile(), name, Set.copyOf(roles), Set.copyOf(scopes), expires);
        if (screen.json()) {
            screen.json(made);
            return;
        }
        screen.line(made.presentable());
        screen.line("This is the only time it is shown. Its id is " + made.key().id() + ".");
    }
}
