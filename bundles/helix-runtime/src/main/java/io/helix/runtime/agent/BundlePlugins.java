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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleListener;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The jars in the deploy folder: the bundles they became, or the reason why they did not. */
@Component
public final class BundlePlugins implements PluginSource {
    private static final String FORMAT = "bundle";
    private static final String SUFFIX = ".jar";
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(15);
    private static final Duration QUIET = Duration.ofSeconds(5);
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
        Bundle bundle = bundle(jar);
        if (bundle == null) {
            return failed(jar, isNoBundle(jar).orElse("is not installed; the log says why"));
        }
        return switch (bundle.getState()) {
            case Bundle.ACTIVE -> bundlePlugin(bundle, "active");
            case Bundle.INSTALLED -> failed(jar, missing(bundle).orElse("cannot be resolved; the log says why"));
            case Bundle.RESOLVED -> failed(jar, "is stopped, or did not start; the log says why");
            default -> bundlePlugin(bundle, "starting");
        };
    }

    private static Plugin bundlePlugin(Bundle bundle, String state) {
        return new Plugin(bundle.getSymbolicName(), bundle.getVersion().toString(), FORMAT, state, "", List.of());
    }

    private static Plugin failed(Path jar, String reason) {
        return new Plugin(jar.getFileName().toString(), "", FORMAT, "failed", reason, List.of());
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
    public Optional<Plugin> refresh(Path file) {
        Semaphore changed = new Semaphore(0);
        BundleListener listener = event -> changed.release();
        context.addBundleListener(listener);
        try {
            long begin = System.nanoTime();
            long lastChange = begin;
            while (!settled(file) && since(lastChange) < QUIET.toNanos() && since(begin) < SETTLED_WITHIN.toNanos()) {
                if (changed.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                    changed.drainPermits();
                    lastChange = System.nanoTime();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            context.removeBundleListener(listener);
        }
        return Files.exists(file) ? Optional.of(plugin(file)) : Optional.empty();
    }

    private static long since(long nanos) {
        return System.nanoTime() - nanos;
    }

    /**
     * Whether nothing more is to be expected. A bundle that is installed, or stopped, is about to be started; if it
     * cannot be, there is no sign of that: it just stays as it is.
     */
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
            return current
                    && (bundle.getState() == Bundle.ACTIVE
                            || bundle.getState() == Bundle.INSTALLED
                                    && missing(bundle).isPresent());
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

    /**
     * What it needs and nobody has. To start it here would tell more, but would be in the way of the watcher of the
     * folder, which may be about to do that.
     */
    private Optional<String> missing(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        FrameworkWiring wiring = context.getBundle(0).adapt(FrameworkWiring.class);
        if (revision == null || wiring == null) {
            return Optional.empty(); // just uninstalled
        }
        return revision.getRequirements(null).stream()
                .filter(BundlePlugins::isMandatory)
                .filter(requirement -> wiring.findProviders(requirement).isEmpty())
                .findFirst()
                .map(requirement -> "cannot be resolved: nothing provides " + requirement.getNamespace() + " "
                        + requirement.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, ""));
    }

    private static boolean isMandatory(Requirement requirement) {
        Map<String, String> directives = requirement.getDirectives();
        return !Namespace.RESOLUTION_OPTIONAL.equals(directives.get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE))
                && Namespace.EFFECTIVE_RESOLVE.equals(directives.getOrDefault(
                        Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE, Namespace.EFFECTIVE_RESOLVE));
    }
}
