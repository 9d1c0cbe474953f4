package io.helix.bench;

import io.helix.wasm.WasmLoad;
import io.helix.wasm.WasmLoad.Plugin;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a loaded plugin that nobody calls costs in memory. */
final class WasmIdle implements Benchmark {
    private static final int WARM = 20;
    private static final double MOST_KILOBYTES = 1024;
    private static final double KILOBYTE = 1024;

    private final int modules;

    WasmIdle(int modules) {
        this.modules = modules;
    }

    @Override
    public String name() {
        return "wasm-idle";
    }

    @Override
    public String about() {
        return "memory of a plugin that nobody calls";
    }

    @Override
    public List<Figure> run() throws Exception {
        try (WasmLoad load = HelixGuest.open(Duration.ofSeconds(10))) {
            List<Plugin> plugins = new ArrayList<>();
            for (int i = 0; i < WARM; i++) {
                plugins.add(load.load("warm" + i + ".wasm", PluginFile.version(modules + i)));
            }
            Heap before = Heap.afterCollection();
            for (int i = 0; i < modules; i++) {
                plugins.add(load.load("idle" + i + ".wasm", PluginFile.version(i)));
            }
            Heap after = Heap.afterCollection();
            Reference.reachabilityFence(plugins);
            return List.of(Figure.atMost(
                    "heap of each of " + modules + " idle plugins",
                    (after.used() - before.used()) / KILOBYTE / modules,
                    "KB",
                    "its file",
                    GuestWork.module().length / KILOBYTE,
                    MOST_KILOBYTES));
        }
    }
}
