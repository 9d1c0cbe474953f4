package io.helix.runtime.agent;

import io.helix.api.agent.PluginSource;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The jars in the deploy folder that did not become active bundles, each with the reason. */
@Component
public final class FailedBundles implements PluginSource {
    private final BundleContext context;
    private final Optional<Path> folder;

    @Activate
    public FailedBundles(BundleContext context) {
        this.context = context;
        this.folder = Optional.ofNullable(context.getProperty("helix.home")).map(home -> Path.of(home, "deploy"));
    }

    @Override
    public List<Plugin> plugins() {
        List<Plugin> failed = new ArrayList<>();
        if (folder.isEmpty() || !Files.isDirectory(folder.get())) {
            return failed;
        }
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder.get(), "*.jar")) {
            for (Path jar : jars) {
                reason(jar)
                        .ifPresent(reason -> failed.add(
                                new Plugin(jar.getFileName().toString(), "", "bundle", "failed", reason, List.of())));
            }
        } catch (IOException e) {
            failed.add(new Plugin(
                    folder.get().toString(), "", "bundle", "failed", "cannot be read: " + e.getMessage(), List.of()));
        }
        return failed;
    }

    private Optional<String> reason(Path jar) {
        Bundle bundle = context.getBundle(jar.toUri().toString());
        if (bundle == null) {
            return notABundle(jar);
        }
        return switch (bundle.getState()) {
            case Bundle.ACTIVE, Bundle.STARTING, Bundle.STOPPING, Bundle.UNINSTALLED -> Optional.empty();
            case Bundle.RESOLVED -> Optional.of("is stopped, or did not start; the log says why");
            default -> unresolved(bundle);
        };
    }

    private static Optional<String> notABundle(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            boolean named = manifest != null && manifest.getMainAttributes().getValue("Bundle-SymbolicName") != null;
            return named
                    ? Optional.of("is not installed; the log says why")
                    : Optional.of("is not an OSGi bundle: its manifest has no Bundle-SymbolicName");
        } catch (IOException e) {
            return Files.exists(jar) ? Optional.of("is not a jar: " + e.getMessage()) : Optional.empty();
        }
    }

    /** Tries again, as the framework tells what is missing only to who starts a bundle. */
    private static Optional<String> unresolved(Bundle bundle) {
        try {
            bundle.start();
            return Optional.empty();
        } catch (BundleException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return Optional.of("cannot be resolved: " + cause.getMessage());
        }
    }
}
