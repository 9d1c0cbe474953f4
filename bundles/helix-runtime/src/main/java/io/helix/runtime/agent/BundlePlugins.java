package io.helix.runtime.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.PluginSource;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.BundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The jars in the deploy folder: the bundles they became, or the reason why they did not. */
@Component
public final class BundlePlugins implements PluginSource {
    private static final String FORMAT = "bundle";
    private static final String SUFFIX = ".jar";
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(15);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    private final BundleContext context;
    private final Optional<Path> folder;

    @Activate
    public BundlePlugins(BundleContext context) {
        this.context = context;
        this.folder = Optional.ofNullable(context.getProperty("helix.home")).map(home -> Path.of(home, "deploy"));
    }

    @Override
    public List<Plugin> plugins() {
        List<Plugin> plugins = new ArrayList<>();
        if (folder.isEmpty() || !Files.isDirectory(folder.get())) {
            return plugins;
        }
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder.get(), "*" + SUFFIX)) {
            for (Path jar : jars) {
                plugins.add(plugin(jar));
            }
        } catch (IOException e) {
            plugins.add(new Plugin(
                    folder.get().toString(), "", FORMAT, "failed", "cannot be read: " + e.getMessage(), List.of()));
        }
        return plugins;
    }

    private Plugin plugin(Path jar) {
        Optional<String> reason = reason(jar);
        Bundle bundle = bundle(jar);
        if (reason.isPresent() || bundle == null) {
            return new Plugin(
                    jar.getFileName().toString(), "", FORMAT, "failed", reason.orElse("is not installed"), List.of());
        }
        String state = bundle.getState() == Bundle.ACTIVE ? "active" : "starting";
        return new Plugin(bundle.getSymbolicName(), bundle.getVersion().toString(), FORMAT, state, "", List.of());
    }

    private @Nullable Bundle bundle(Path jar) {
        return context.getBundle(jar.toFile().toURI().toString()); // file:/path, as the watcher of the folder says it
    }

    @Override
    public boolean takes(String fileName) {
        return fileName.endsWith(SUFFIX);
    }

    /** What watches the folder installs bundles; this waits for it. */
    @Override
    public void refresh(Path file) {
        Semaphore changed = new Semaphore(0);
        BundleListener listener = event -> changed.release();
        context.addBundleListener(listener);
        try {
            long end = System.nanoTime() + SETTLED_WITHIN.toNanos();
            while (!settled(file) && System.nanoTime() < end) {
                // A bundle that is refused gives no sign, so it is looked at from time to time too.
                if (changed.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                    changed.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            context.removeBundleListener(listener);
        }
    }

    private boolean settled(Path jar) {
        Bundle bundle = bundle(jar);
        if (!Files.exists(jar)) {
            return bundle == null;
        }
        if (bundle == null) {
            return isNoBundle(jar).isPresent();
        }
        try {
            boolean current =
                    bundle.getLastModified() >= Files.getLastModifiedTime(jar).toMillis();
            return current && (bundle.getState() & (Bundle.ACTIVE | Bundle.INSTALLED)) != 0;
        } catch (IOException e) {
            return false; // just gone
        }
    }

    @Override
    public Optional<Path> file(String name) {
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        Path direct = folder.get().resolve(name);
        if (takes(name) && Files.exists(direct)) {
            return Optional.of(direct);
        }
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder.get(), "*" + SUFFIX)) {
            for (Path jar : jars) {
                if (plugin(jar).name().equals(name)) {
                    return Optional.of(jar);
                }
            }
        } catch (IOException e) {
            return Optional.empty(); // there is no such folder
        }
        return Optional.empty();
    }

    @Override
    public Optional<ObjectNode> describe(String name) {
        return file(name).map(jar -> {
            Plugin plugin = plugin(jar);
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            node.put("name", plugin.name())
                    .put("format", plugin.format())
                    .put("version", plugin.version())
                    .put("state", plugin.state())
                    .put("detail", plugin.detail())
                    .put("file", String.valueOf(jar.getFileName()));
            Bundle bundle = bundle(jar);
            if (bundle != null) {
                node.put("bundle", bundle.getBundleId());
            }
            return node;
        });
    }

    @Override
    public List<JsonNode> tryOut(String name, Trial trial) {
        throw HelixException.invalid("plugin '" + name
                + "' is a bundle, which cannot be called without effects; its own tests use the agent test kit");
    }

    private Optional<String> reason(Path jar) {
        Bundle bundle = bundle(jar);
        if (bundle == null) {
            return Optional.of(isNoBundle(jar).orElse("is not installed; the log says why"));
        }
        return switch (bundle.getState()) {
            case Bundle.ACTIVE, Bundle.STARTING, Bundle.STOPPING, Bundle.UNINSTALLED -> Optional.empty();
            case Bundle.RESOLVED -> Optional.of("is stopped, or did not start; the log says why");
            default -> unresolved(bundle);
        };
    }

    /** Why it can never become a bundle; empty when it is one, or gone. */
    private static Optional<String> isNoBundle(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            boolean named = manifest != null && manifest.getMainAttributes().getValue("Bundle-SymbolicName") != null;
            return named
                    ? Optional.empty()
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
