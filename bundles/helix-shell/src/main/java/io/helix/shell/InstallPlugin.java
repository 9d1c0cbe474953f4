package io.helix.shell;

import io.helix.api.control.ControlPlane.Before;
import java.io.IOException;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:plugin-install}. */
@Service
@Command(
        scope = "helix",
        name = "plugin-install",
        description = "Installs a plugin; when it is refused, nothing changes")
public final class InstallPlugin extends PluginDeployment {
    @Override
    void run(Screen screen) throws IOException {
        deploy(screen, Before.NOTHING, "installed");
    }
}
