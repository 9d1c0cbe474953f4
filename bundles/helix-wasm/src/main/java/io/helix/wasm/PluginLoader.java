package io.helix.wasm;

import io.helix.api.HelixException;
import io.helix.api.agent.AgentDescriptor;
import io.helix.api.agent.AgentType;
import io.helix.wasm.Manifest.Handler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.stream.IntStream;

/** Makes a checked, instantiable plugin of the bytes of a file. */
final class PluginLoader {
    static final int MAX_FILE = 32 * 1024 * 1024;
    private static final int MIN_INSTANCES = 4;

    private final GraalEngine engine;
    private final ScheduledThreadPoolExecutor watchdog;
    private final int maxPages;
    private final Duration defaultTimeout;

    PluginLoader(GraalEngine engine, ScheduledThreadPoolExecutor watchdog, int maxPages, Duration defaultTimeout) {
        this.engine = engine;
        this.watchdog = watchdog;
        this.maxPages = maxPages;
        this.defaultTimeout = defaultTimeout;
    }

    /**
     * @param name of the file
     * @throws HelixException INVALID, saying what is wrong with the file
     */
    LoadedPlugin load(String name, byte[] wasm) {
        ModuleShape shape = ModuleReader.read(wasm);
        Manifest manifest = ManifestReader.read(shape.manifest());
        AbiCheck.check(shape, manifest);
        List<AgentDescriptor> descriptors = manifest.handlers().stream()
                .map(handler -> descriptor(manifest, handler))
                .toList();
        WasmModule module = module(name, new Caps(pages(manifest)).applyTo(wasm, shape));
        module.verify();
        return new LoadedPlugin(manifest, module, types(manifest, descriptors, module));
    }

    private WasmModule module(String name, byte[] capped) {
        int instances = Math.max(MIN_INSTANCES, 2 * Runtime.getRuntime().availableProcessors());
        return new WasmModule(name, instances, watchdog, engine.load(name, capped));
    }

    private List<AgentType> types(Manifest manifest, List<AgentDescriptor> descriptors, WasmModule module) {
        Duration timeout = manifest.timeout() == null ? defaultTimeout : manifest.timeout();
        return IntStream.range(0, descriptors.size())
                .<AgentType>mapToObj(i -> new WasmAgentType(
                        descriptors.get(i),
                        new WasmHandler(module, manifest.handlers().get(i), manifest.capabilities(), timeout)))
                .toList();
    }

    private static AgentDescriptor descriptor(Manifest manifest, Handler handler) {
        return new AgentDescriptor(
                handler.type(), manifest.version(), handler.kind(), handler.description(), handler.configSchema());
    }

    /** The manifest may ask for less than the operator allows, never for more. */
    private int pages(Manifest manifest) {
        return manifest.memoryPages() == null ? maxPages : Math.min(maxPages, manifest.memoryPages());
    }
}
