package io.helix.wasm;

import io.helix.api.Health;
import io.helix.api.HealthCheck;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.PluginSource;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.apache.felix.fileinstall.ArtifactListener;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the agent types of the {@code .wasm} files in the deploy folder registered. */
@Component(
        configurationPid = "io.helix.wasm",
        immediate = true, // works on its own: it loads what is in the folder
        service = {ArtifactInstaller.class, ArtifactListener.class, PluginSource.class, HealthCheck.class})
@Designate(ocd = WasmPlugins.Config.class)
public final class WasmPlugins implements ArtifactInstaller, PluginSource, HealthCheck {

    @ObjectClassDefinition(name = "Helix WASM")
    public @interface Config {
        @AttributeDefinition(description = "Memory of one instance of a plugin, in pages of 64 KiB")
        int memory_pages_max() default 256; // property: memory.pages.max

        @AttributeDefinition(
                description = "Milliseconds one call of a plugin may take unless its manifest says otherwise")
        int call_timeout_ms() default 1000; // property: call.timeout.ms
    }

    private static final Logger LOG = LoggerFactory.getLogger(WasmPlugins.class);
    private static final int MAX_PAGES = 65_536;

    private final BundleContext bundleContext;
    private final Path folder;
    private final int maxPages;
    private final Duration timeout;
    private final ScheduledThreadPoolExecutor watchdog;
    private final ExecutorService deployer;
    private volatile @Nullable GraalEngine engine;
    private volatile @Nullable PluginShelf shelf;
    private volatile Health health = new Health("wasm", Health.State.STARTING, "The WASM engine is starting.");

    @Activate
    public WasmPlugins(BundleContext bundleContext, Config config) {
        this.bundleContext = bundleContext;
        folder = deployFolder(bundleContext);
        maxPages = Math.clamp(config.memory_pages_max(), 1, MAX_PAGES);
        timeout = Duration.ofMillis(Math.max(1, config.call_timeout_ms()));
        watchdog = new ScheduledThreadPoolExecutor(1, daemon("helix-wasm-watchdog"));
        watchdog.setRemoveOnCancelPolicy(true);
        deployer = Executors.newSingleThreadExecutor(daemon("helix-wasm-deploy"));
        deployer.execute(this::start);
    }

    private static Path deployFolder(BundleContext context) {
        String home = context.getProperty("helix.home");
        String base = home == null ? context.getProperty("karaf.base") : home;
        return Path.of(base == null ? "." : base, "deploy");
    }

    private static ThreadFactory daemon(String name) {
        return task -> Thread.ofPlatform().daemon().name(name).unstarted(task);
    }

    private void start() {
        try {
            GraalEngine started = new GraalEngine();
            engine = started;
            PluginShelf filled =
                    new PluginShelf(new PluginLoader(started, watchdog, maxPages, timeout), this::register);
            shelf = filled;
            // FileInstall does not deliver again what it has delivered to an earlier life of this component.
            filled.scan(folder);
            health = running(started);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("The WASM engine cannot start", e);
            health = new Health(
                    "wasm",
                    Health.State.DOWN,
                    "The WASM engine cannot start: " + e + ". Are the GraalWasm jars in lib/graal?");
        }
    }

    private static Health running(GraalEngine engine) {
        if (engine.compiles()) {
            return new Health("wasm", Health.State.UP, "Plugins run compiled (" + engine.implementation() + ").");
        }
        String detail = "Plugins run INTERPRETED (" + engine.implementation()
                + "), about 100 times slower: start with the JVMCI options and lib/jvmci of the same version as the"
                + " GraalWasm jars, on a JDK that is not older.";
        LOG.warn(detail);
        return new Health("wasm", Health.State.DEGRADED, detail);
    }

    private Runnable register(AgentType type) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put("helix.agent.type", type.descriptor().type());
        properties.put("helix.agent.version", type.descriptor().version());
        ServiceRegistration<AgentType> registration = bundleContext.registerService(AgentType.class, type, properties);
        return () -> unregister(registration);
    }

    private static void unregister(ServiceRegistration<AgentType> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            LOG.debug("Already unregistered, since the bundle is stopping", e);
        }
    }

    @Override
    public boolean canHandle(File artifact) {
        return artifact.getName().endsWith(PluginShelf.SUFFIX);
    }

    @Override
    public void install(File artifact) {
        change(current -> current.deploy(artifact.toPath()));
    }

    @Override
    public void update(File artifact) {
        install(artifact);
    }

    @Override
    public void uninstall(File artifact) {
        change(current -> current.remove(artifact.getName()));
    }

    private void change(Consumer<PluginShelf> change) {
        deployer.execute(() -> {
            PluginShelf current = shelf;
            if (current != null) {
                change.accept(current);
            }
        });
    }

    @Override
    public List<Plugin> plugins() {
        PluginShelf current = shelf;
        return current == null ? List.of() : current.plugins();
    }

    @Override
    public Health health() {
        return health;
    }

    @Deactivate
    void close() {
        deployer.execute(this::stop);
        deployer.shutdown();
        try {
            if (!deployer.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("The WASM engine takes long to stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop() {
        PluginShelf current = shelf;
        if (current != null) {
            current.close();
        }
        watchdog.shutdownNow();
        GraalEngine started = engine;
        if (started != null) {
            started.close();
        }
    }
}
