package io.helix.runtime.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.agent.PluginSource;
import io.helix.api.agent.PluginTrust;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.apache.felix.fileinstall.ArtifactListener;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the bundles of the {@code .jar} files in the deploy folder installed, one change after the other. */
@Component(
        immediate = true, // works on its own: it installs what is in the folder
        service = {ArtifactInstaller.class, ArtifactListener.class, PluginSource.class},
        property = "service.ranking:Integer=100") // before what else the container would do with a jar
public final class BundlePlugins implements ArtifactInstaller, PluginSource, BundleListener {
    private static final Logger LOG = LoggerFactory.getLogger(BundlePlugins.class);
    private static final Duration REFRESHED_WITHIN = Duration.ofSeconds(30);

    private final BundleContext context;
    private final Path folder;
    private final BundleShelf shelf;
    private final ExecutorService deployer = Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name("helix-bundle-deploy").unstarted(task));

    @Activate
    public BundlePlugins(BundleContext context, @Reference PluginTrust trust) {
        this.folder = DeployFolder.of(context);
        // Of the framework, since bundles outlive the one who installs them.
        this.context = context.getBundle(0).getBundleContext();
        this.shelf = new BundleShelf(
                this.context, trust, folder, DeployFolder.home(context).resolve("data/plugins"));
        this.context.addBundleListener(this);
    }

    @Override
    public boolean canHandle(File artifact) {
        Path path = artifact.toPath().toAbsolutePath().normalize();
        return takes(artifact.getName()) && folder.equals(path.getParent()) && !Files.isDirectory(path);
    }

    @Override
    public void install(File artifact) {
        change(() -> look(artifact.toPath()));
    }

    @Override
    public void update(File artifact) {
        install(artifact);
    }

    @Override
    public void uninstall(File artifact) {
        install(artifact);
    }

    /** Goes by what is there now: the file may have come or gone since somebody asked. */
    private void look(Path file) {
        if (Files.exists(file)) {
            shelf.deploy(file);
        } else {
            shelf.remove(file.getFileName().toString());
        }
    }

    /** Another bundle may bring what one of the folder lacks. */
    @Override
    public void bundleChanged(BundleEvent event) {
        boolean brings = event.getType() == BundleEvent.INSTALLED || event.getType() == BundleEvent.UPDATED;
        if (brings && shelf.isAnyWaiting()) {
            change(shelf::retry);
        }
    }

    private void change(Runnable change) {
        try {
            deployer.execute(change);
        } catch (RejectedExecutionException e) {
            LOG.debug("Not taken up, since Helix stops", e);
        }
    }

    @Override
    public List<Plugin> plugins() {
        return shelf.plugins();
    }

    @Override
    public boolean takes(String fileName) {
        return fileName.endsWith(BundleShelf.SUFFIX);
    }

    @Override
    public Optional<Plugin> refresh(Path file) {
        String name = file.getFileName().toString();
        Future<Optional<Plugin>> done = deployer.submit(() -> {
            look(file);
            return shelf.plugin(name);
        });
        try {
            return done.get(REFRESHED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (TimeoutException e) {
            LOG.warn("Plugin {} takes long; it is still being installed", name);
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new HelixException(ErrorKind.INTERNAL, "plugin " + name + " cannot be taken up", e);
        }
    }

    @Override
    public Optional<Path> file(String name) {
        return shelf.file(name);
    }

    @Override
    public Optional<ObjectNode> describe(String name) {
        return file(name)
                .map(path -> path.getFileName().toString())
                .flatMap(file -> shelf.plugin(file).map(plugin -> describe(file, plugin)));
    }

    private ObjectNode describe(String file, Plugin plugin) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", plugin.name())
                .put("format", plugin.format())
                .put("version", plugin.version())
                .put("state", plugin.state())
                .put("detail", plugin.detail())
                .put("signedBy", shelf.signedBy(file))
                .put("file", file);
        shelf.bundleId(file).ifPresent(id -> node.put("bundle", id));
        return node;
    }

    @Override
    public List<JsonNode> tryOut(String name, Trial trial) {
        throw HelixException.invalid("plugin '" + name
                + "' is a bundle, which cannot be called without effects; its own tests use the agent test kit");
    }

    /** What was installed stays, as it does when Helix stops. */
    @Deactivate
    void close() {
        context.removeBundleListener(this);
        deployer.shutdown();
    }
}
