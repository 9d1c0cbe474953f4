package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.ErrorKind;
import io.helix.api.Health;
import io.helix.api.HealthCheck;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.PluginSource;
import io.helix.api.agent.PluginTrust;
import io.helix.wasm.ProfileShares.Share;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.apache.felix.fileinstall.ArtifactListener;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
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

        @AttributeDefinition(description = "Milliseconds that a manifest may ask for at most")
        int call_timeout_max_ms() default 10_000; // property: call.timeout.max.ms

        @AttributeDefinition(description = "How often one call may ask Helix for something")
        int call_host_calls_max() default 10_000; // property: call.host.calls.max

        @AttributeDefinition(description = "How many events one call may emit")
        int call_events_max() default 100; // property: call.events.max

        @AttributeDefinition(description = "How many bytes these may have together")
        int call_event_bytes_max() default 4 * 1024 * 1024; // property: call.event.bytes.max

        @AttributeDefinition(description = "How many bytes the output of one call may have")
        int call_output_bytes_max() default 1024 * 1024; // property: call.output.bytes.max

        @AttributeDefinition(description = "How many lines one call may log")
        int call_log_lines_max() default 100; // property: call.log.lines.max

        @AttributeDefinition(
                description = "How many calls of one plugin may run at once; 0: twice the processors, at least 4")
        int concurrency_max() default 0; // property: concurrency.max

        @AttributeDefinition(
                description = "How many calls of plugins may run at once for one profile;"
                        + " profile.calls.max.NAME is for profile NAME only")
        int profile_calls_max() default 64; // property: profile.calls.max

        @AttributeDefinition(
                description = "Memory of all instances of a profile, idle ones too, in pages of 64 KiB;"
                        + " profile.memory.pages.max.NAME is for profile NAME only")
        int profile_memory_pages_max() default 16_384; // property: profile.memory.pages.max

        @AttributeDefinition(
                description = "Milliseconds an old version serves on at most while the new one is being warmed up")
        int warm_up_max_ms() default 15_000; // property: warm.up.max.ms
    }

    private static final Logger LOG = LoggerFactory.getLogger(WasmPlugins.class);
    private static final int MAX_PAGES = 65_536;
    private static final int MIN_CONCURRENCY = 4;
    private static final Duration REFRESHED_WITHIN = Duration.ofSeconds(30);

    private final BundleContext bundleContext;
    private final Path folder;
    private final Config config;
    private final PluginTrust trust;
    private final ExecutorService deployer;
    private final Watchdog watchdog = new Watchdog();
    private final Budgets budgets;
    private final Errands errands;
    private volatile @Nullable GraalEngine engine;
    private volatile @Nullable PluginShelf shelf;
    private volatile Health health = new Health("wasm", Health.State.STARTING, "The WASM engine is starting.");

    @Activate
    public WasmPlugins(
            BundleContext bundleContext, Config config, Map<String, Object> properties, @Reference PluginTrust trust) {
        this.bundleContext = bundleContext;
        this.config = config;
        this.trust = trust;
        budgets = new Budgets(shares(config, properties));
        errands = new Errands(budgets);
        folder = home(bundleContext).resolve("deploy");
        deployer = Executors.newSingleThreadExecutor(daemon("helix-wasm-deploy"));
        deployer.execute(this::start);
    }

    private static Path home(BundleContext context) {
        String home = context.getProperty("helix.home");
        String base = home == null ? context.getProperty("karaf.base") : home;
        return Path.of(base == null ? "." : base);
    }

    private static Limits limits(Config config) {
        int concurrency = config.concurrency_max() > 0
                ? config.concurrency_max()
                : Math.max(MIN_CONCURRENCY, 2 * Runtime.getRuntime().availableProcessors());
        return new Limits(
                Duration.ofMillis(Math.max(1, config.call_timeout_ms())),
                Math.max(1, config.call_host_calls_max()),
                Math.max(1, config.call_events_max()),
                Math.max(1, config.call_event_bytes_max()),
                Math.max(1, config.call_output_bytes_max()),
                Math.max(1, config.call_log_lines_max()),
                concurrency,
                Math.clamp(config.memory_pages_max(), 1, MAX_PAGES));
    }

    /** @param properties where the keys are that end with the name of a profile, which no annotation can list */
    private static ProfileShares shares(Config config, Map<String, Object> properties) {
        Share usual =
                new Share(Math.max(1, config.profile_calls_max()), Math.max(1, config.profile_memory_pages_max()));
        return ProfileShares.read(properties, usual, wrong -> LOG.error("etc/io.helix.wasm.cfg: {}", wrong));
    }

    private static ThreadFactory daemon(String name) {
        return task -> Thread.ofPlatform().daemon().name(name).unstarted(task);
    }

    private void start() {
        try {
            GraalEngine started = new GraalEngine();
            engine = started;
            Sandbox sandbox = new Sandbox(
                    started,
                    watchdog,
                    budgets,
                    errands,
                    limits(config),
                    Duration.ofMillis(Math.max(1, config.call_timeout_max_ms())),
                    Duration.ofMillis(Math.max(0, config.warm_up_max_ms())));
            PluginShelf filled = new PluginShelf(new PluginLoader(sandbox), trust, this::register);
            shelf = filled;
            // FileInstall does not deliver again what it has delivered to an earlier life of this component.
            filled.scan(folder);
            health = running(started);
            KillRehearsal.run(started, watchdog);
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
        deployer.execute(() -> look(artifact.toPath()));
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
        PluginShelf current = shelf;
        if (current == null) {
            return;
        }
        if (Files.exists(file)) {
            current.deploy(file);
        } else {
            current.remove(file.getFileName().toString());
        }
    }

    @Override
    public List<Plugin> plugins() {
        PluginShelf current = shelf;
        return current == null ? List.of() : current.plugins();
    }

    @Override
    public boolean takes(String fileName) {
        return fileName.endsWith(PluginShelf.SUFFIX);
    }

    @Override
    public Optional<Plugin> refresh(Path file) {
        Future<Optional<Plugin>> done = deployer.submit(() -> {
            look(file);
            return plugins().stream()
                    .filter(plugin -> plugin.name().equals(file.getFileName().toString()))
                    .findFirst();
        });
        try {
            return done.get(REFRESHED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (TimeoutException e) {
            LOG.warn("Plugin {} takes long; it is still being loaded", file.getFileName());
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new HelixException(ErrorKind.INTERNAL, "plugin " + file.getFileName() + " cannot be taken up", e);
        }
    }

    @Override
    public Optional<Path> file(String name) {
        return plugins().stream().anyMatch(plugin -> plugin.name().equals(name))
                ? Optional.of(folder.resolve(name))
                : Optional.empty();
    }

    @Override
    public Optional<ObjectNode> describe(String name) {
        PluginShelf current = shelf;
        return current == null ? Optional.empty() : current.details(name);
    }

    @Override
    public List<JsonNode> tryOut(String name, Trial trial) {
        PluginShelf current = shelf;
        if (current == null) {
            throw HelixException.unavailable("the WASM engine is not ready");
        }
        return current.tryOut(name, trial);
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
        errands.close();
        watchdog.close();
        GraalEngine started = engine;
        if (started != null) {
            started.close();
        }
    }
}
