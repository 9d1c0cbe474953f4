package io.helix.wasm;

import io.helix.api.HelixException;
import io.helix.api.agent.AgentDescriptor;
import io.helix.wasm.Manifest.Handler;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Makes a checked, instantiable plugin of the bytes of a file. */
final class PluginLoader {
    static final int MAX_FILE = 32 * 1024 * 1024;

    private final Sandbox sandbox;

    PluginLoader(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    Duration longestWarmUp() {
        return sandbox.longestWarmUp();
    }

    /**
     * @param name of the file
     * @param stats of this and all other versions of the plugin
     * @throws HelixException INVALID, saying what is wrong with the file
     */
    LoadedPlugin load(String name, byte[] wasm, PluginStats stats) {
        try {
            return checked(name, wasm, stats);
        } catch (HelixException e) { // its text quotes names of the file
            throw new HelixException(e.kind(), ShownText.of(e.message()), e);
        }
    }

    private LoadedPlugin checked(String name, byte[] wasm, PluginStats stats) {
        ModuleShape shape = ModuleReader.read(wasm);
        Manifest manifest = ManifestReader.read(shape);
        AbiCheck.check(shape, manifest);
        List<AgentDescriptor> descriptors = manifest.handlers().stream()
                .map(handler -> descriptor(manifest, handler))
                .toList();
        Limits limits = manifest.limits().within(sandbox.limits(), sandbox.longest());
        byte[] capped = new Caps(limits.memoryPages()).applyTo(wasm, shape);
        WasmModule module =
                new WasmModule(name, limits, sandbox, stats, sandbox.engine().load(name, capped));
        try {
            module.verify();
        } catch (RuntimeException | Error e) {
            module.retire();
            throw e;
        }
        Terms terms = new Terms(manifest.name(), limits, manifest.capabilities(), manifest.encoding());
        return new LoadedPlugin(manifest, limits, module, types(manifest, descriptors, module, terms));
    }

    private static List<WasmAgentType> types(
            Manifest manifest, List<AgentDescriptor> descriptors, WasmModule module, Terms terms) {
        return IntStream.range(0, descriptors.size())
                .mapToObj(i -> new WasmAgentType(
                        descriptors.get(i),
                        new WasmHandler(module, manifest.handlers().get(i), terms)))
                .toList();
    }

    private static AgentDescriptor descriptor(Manifest manifest, Handler handler) {
        return new AgentDescriptor(
                handler.type(), manifest.version(), handler.kind(), handler.description(), handler.configSchema());
    }
}
