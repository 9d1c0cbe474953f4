package io.helix.runtime.agent;

import io.helix.api.agent.AgentDescriptor;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.PluginSource;
import io.helix.api.agent.PluginSource.Plugin;
import io.helix.runtime.document.TypeRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The agent types that are deployed right now. The only place that handles services which come and go. */
@Component(service = AgentRegistry.class)
public final class AgentRegistry {
    private record Entry(AgentType type, String bundle, String bundleVersion) {}

    private final Map<AgentType, Entry> types = new ConcurrentHashMap<>();
    private final List<PluginSource> sources = new CopyOnWriteArrayList<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    @Activate
    public AgentRegistry() {}

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
    void addPlugins(PluginSource source) {
        sources.add(source);
    }

    void removePlugins(PluginSource source) {
        sources.remove(source);
    }

    public void add(AgentType type, String bundle, String version) {
        types.put(type, new Entry(type, bundle, version));
        listeners.forEach(Runnable::run);
    }

    public void remove(AgentType type) {
        types.remove(type);
        listeners.forEach(Runnable::run);
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
