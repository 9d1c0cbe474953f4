package io.helix.runtime.agent;

import io.helix.api.agent.AgentDescriptor;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.PluginSource;
import io.helix.api.agent.PluginSource.Plugin;
import io.helix.runtime.document.TypeRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent types that are deployed right now. The only place that handles services which come and go.
 *
 * <p>The update of a bundle takes its types away and brings them back. Nobody shall notice: a type does not go before those
 * who {@link #use} it are done, and who needs one that has just gone waits for it, both for a bounded time.
 */
@Component(service = AgentRegistry.class)
public final class AgentRegistry {
    private static final Logger log = LoggerFactory.getLogger(AgentRegistry.class);
    /**
     * For how long the registry counts on what is not there.
     *
     * @param start after a start, on any type: plugins come last, and work that was left is taken up before
     * @param back on a type that has gone
     * @param farewell on the end of what uses a type that goes
     */
    record Patience(Duration start, Duration back, Duration farewell) {}

    // The farewell is well below the 5 s after which Declarative Services complains.
    private static final Patience USUAL =
            new Patience(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(3));

    /** A type that stays deployed until this is closed, or for some seconds after it should have gone. */
    public final class Use implements AutoCloseable {
        private final AgentType type;
        private boolean closed; // guarded by lock

        private Use(AgentType type) {
            this.type = type;
        }

        public AgentType type() {
            return type;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (!closed) {
                    closed = true;
                    uses.computeIfPresent(type, (same, count) -> count == 1 ? null : count - 1);
                    changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private record Entry(AgentType type, String bundle, String bundleVersion) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<AgentType, Integer> uses = new HashMap<>(); // guarded by lock
    private final Map<TypeRef, Long> expectedUntil = new HashMap<>(); // nano times, guarded by lock
    private final Map<AgentType, Entry> types = new ConcurrentHashMap<>();
    private final List<PluginSource> sources = new CopyOnWriteArrayList<>();
    private final CallStats calls = new CallStats();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    private final Patience patience;
    private final long anyExpectedUntil;
    private final BooleanSupplier shuttingDown;

    @Activate
    public AgentRegistry(BundleContext context) {
        this(USUAL, () -> context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING);
    }

    /** One that expects only types that were there. */
    public AgentRegistry() {
        this(new Patience(Duration.ZERO, USUAL.back(), USUAL.farewell()), () -> false);
    }

    AgentRegistry(Patience patience, BooleanSupplier shuttingDown) {
        this.patience = patience;
        this.anyExpectedUntil = System.nanoTime() + patience.start().toNanos();
        this.shuttingDown = shuttingDown;
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "removeType")
    void addType(AgentType type, ServiceReference<AgentType> reference) {
        Bundle bundle = reference.getBundle();
        add(
                type,
                bundle == null ? "" : bundle.getSymbolicName(),
                bundle == null ? "" : bundle.getVersion().toString());
    }

    void removeType(AgentType type) {
        remove(type);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "removePlugins")
    public void addPlugins(PluginSource source) {
        sources.add(source);
    }

    void removePlugins(PluginSource source) {
        sources.remove(source);
    }

    public void add(AgentType type, String bundle, String version) {
        lock.lock();
        try {
            types.put(type, new Entry(type, bundle, version));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        listeners.forEach(Runnable::run);
    }

    /** Returns when nobody uses the type any more: then its classes may go. */
    public void remove(AgentType type) {
        lock.lock();
        try {
            if (types.remove(type) == null) {
                return;
            }
            String name = type.descriptor().type();
            long until = System.nanoTime() + patience.back().toNanos();
            expectedUntil.values().removeIf(passed -> passed - System.nanoTime() < 0);
            expectedUntil.put(new TypeRef(name, type.descriptor().major()), until);
            expectedUntil.put(new TypeRef(name, 0), until);
        } finally {
            lock.unlock();
        }
        listeners.forEach(Runnable::run);
        if (!shuttingDown.getAsBoolean()) {
            awaitUnused(type);
        }
    }

    private void awaitUnused(AgentType type) {
        lock.lock();
        try {
            long left = patience.farewell().toNanos();
            while (uses.containsKey(type) && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (uses.containsKey(type)) {
                log.warn(
                        "agent type goes while it is in use type={}",
                        type.descriptor().type());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The newest deployed version that fits, for a call. One that was there moments ago is waited for; one that was not is
     * absent at once.
     */
    public Optional<Use> use(TypeRef ref, Duration atMost) throws InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                Optional<AgentType> found = find(ref);
                if (found.isPresent()) {
                    return Optional.of(begin(found.get()));
                }
                long left = Math.min(until - System.nanoTime(), expected(ref));
                if (left <= 0) {
                    return Optional.empty();
                }
                changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Just this type; empty when it is not deployed any more. */
    public Optional<Use> use(AgentType type) {
        lock.lock();
        try {
            return types.containsKey(type) ? Optional.of(begin(type)) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private Use begin(AgentType type) {
        uses.merge(type, 1, Integer::sum);
        return new Use(type);
    }

    /** For how many nanoseconds the type is still expected; not positive: it is not. */
    private long expected(TypeRef ref) {
        long now = System.nanoTime();
        Long until = expectedUntil.get(ref);
        return Math.max(anyExpectedUntil - now, until == null ? 0 : until - now);
    }

    /** Whether the type is not deployed, but may be soon. */
    public boolean isAwaited(TypeRef ref) {
        lock.lock();
        try {
            return find(ref).isEmpty() && expected(ref) > 0;
        } finally {
            lock.unlock();
        }
    }

    public boolean isDeployed(AgentType type) {
        return types.containsKey(type);
    }

    /** Calls {@code listener} after each change, on the thread that made it. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** The newest deployed version that fits. */
    public Optional<AgentType> find(TypeRef ref) {
        return types.keySet().stream()
                .filter(type -> type.descriptor().type().equals(ref.type()))
                .filter(type -> ref.major() == 0 || type.descriptor().major() == ref.major())
                .max(Comparator.comparing(type -> type.descriptor().version(), AgentRegistry::compareVersions));
    }

    public List<AgentDescriptor> descriptors() {
        return types.keySet().stream()
                .map(AgentType::descriptor)
                .sorted(Comparator.comparing(AgentDescriptor::type).thenComparing(AgentDescriptor::version))
                .toList();
    }

    /** What loads plugins. */
    public List<PluginSource> pluginSources() {
        return List.copyOf(sources);
    }

    /** How calls of the types end. */
    public CallStats calls() {
        return calls;
    }

    /** Bundles that bring agent types, and what other plugin formats report. */
    public List<Plugin> plugins() {
        Map<String, Plugin> plugins = new TreeMap<>();
        for (PluginSource source : sources) {
            source.plugins().forEach(plugin -> plugins.put(plugin.format() + plugin.name(), plugin));
        }
        List<String> fromSources = plugins.values().stream()
                .flatMap(plugin -> plugin.types().stream())
                .toList();
        for (Entry entry : types.values()) {
            String typeName = entry.type().descriptor().type() + "@"
                    + entry.type().descriptor().version();
            if (!fromSources.contains(typeName)) {
                plugins.merge(
                        "bundle" + entry.bundle(),
                        new Plugin(entry.bundle(), entry.bundleVersion(), "bundle", "active", "", List.of(typeName)),
                        AgentRegistry::together);
            }
        }
        return List.copyOf(plugins.values());
    }

    private static Plugin together(Plugin a, Plugin b) {
        List<String> all = new ArrayList<>(a.types());
        all.addAll(b.types());
        return new Plugin(
                a.name(),
                a.version(),
                a.format(),
                a.state(),
                a.detail(),
                all.stream().sorted().toList());
    }

    private static int compareVersions(String a, String b) {
        String[] left = a.split("\\.");
        String[] right = b.split("\\.");
        for (int i = 0; i < 3; i++) {
            int difference = Integer.compare(Integer.parseInt(left[i]), Integer.parseInt(right[i]));
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }
}
