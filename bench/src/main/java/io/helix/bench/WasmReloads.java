package io.helix.bench;

import io.helix.wasm.WasmLoad;
import io.helix.wasm.WasmLoad.Plugin;
import java.time.Duration;
import java.util.List;

/** What is left of plugins that were loaded, called and replaced. */
final class WasmReloads implements Benchmark {
    private static final int CALLS = 30;
    private static final double MOST_MEGABYTES = 8;
    private static final double MEGABYTE = 1024 * 1024;

    private final int settled;
    private final int cycles;

    /** @param settled after so many cycles everything is there that is there once */
    WasmReloads(int settled, int cycles) {
        this.settled = settled;
        this.cycles = cycles;
    }

    @Override
    public String name() {
        return "wasm-reload";
    }

    @Override
    public String about() {
        return "what is left of plugins that were replaced";
    }

    @Override
    public List<Figure> run() throws Exception {
        try (WasmLoad load = HelixGuest.open(Duration.ofSeconds(10))) {
            cycle(load, 0, settled);
            Heap before = Heap.afterCollection();
            cycle(load, settled, cycles);
            Heap after = Heap.afterCollection();
            return List.of(
                    growth("heap", before.used(), after.used()),
                    growth("metaspace", before.metaspace(), after.metaspace()),
                    growth("code cache", before.code(), after.code()));
        }
    }

    private static void cycle(WasmLoad load, int from, int to) throws Exception {
        byte[] event = GuestWork.event();
        for (int i = from; i < to; i++) {
            Plugin plugin = load.load("guest.wasm", PluginFile.version(i));
            for (int call = 0; call < CALLS; call++) {
                plugin.call(GuestWork.DIGEST.type(), event);
            }
            plugin.retire();
        }
    }

    private Figure growth(String what, long before, long after) {
        return Figure.atMost(
                what + " growth, reloads " + settled + "-" + cycles,
                (after - before) / MEGABYTE,
                "MB",
                "after " + settled,
                before / MEGABYTE,
                MOST_MEGABYTES);
    }
}
