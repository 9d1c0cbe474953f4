package io.helix.shell;

import io.helix.api.control.ControlPlane.Before;
import java.io.IOException;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:plugin-update}. */
@Service
@Command(
        scope = "helix",
        name = "plugin-update",
        description = "Replaces a plugin by a file of the same name; when it is refused, the old one stays")
public final class UpdatePlugin extends PluginDeployment {
    @Override
    void run(Screen screen) throws IOException {
        deploy(screen, Before.SOMETHING, "updated");
    }
}
