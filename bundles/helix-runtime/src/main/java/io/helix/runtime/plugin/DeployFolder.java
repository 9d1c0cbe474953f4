package io.helix.runtime.plugin;

import java.nio.file.Path;
import org.osgi.framework.BundleContext;

/** Where plugins are put. */
final class DeployFolder {
    private DeployFolder() {}

    static Path home(BundleContext context) {
        String home = context.getProperty("helix.home");
        String base = home == null ? context.getProperty("karaf.base") : home;
        return Path.of(base == null ? "." : base).toAbsolutePath().normalize();
    }

    static Path of(BundleContext context) {
        return home(context).resolve("deploy");
    }
}
