package io.helix.bench;

import io.helix.api.agent.AgentException;
import io.helix.wasm.WasmLoad;
import io.helix.wasm.WasmLoad.Plugin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How late an endless loop ends, while all cores are busy. */
final class WasmKills implements Benchmark {
    private static final Duration DEADLINE = Duration.ofMillis(100);
    private static final double MOST_MILLIS = 200;

    private final int tries;

    WasmKills(int tries) {
        this.tries = tries;
    }

    @Override
    public String name() {
        return "wasm-kill";
    }

    @Override
    public String about() {
        return "how late an endless loop ends, all cores busy";
    }

    @Override
    public List<Figure> run() throws Exception {
        try (WasmLoad load = HelixGuest.open(DEADLINE);
                BusyCores busy = BusyCores.all()) {
            Plugin plugin = load.load("guest.wasm", GuestWork.module());
            double[] late = new double[tries];
            for (int i = 0; i < tries; i++) {
                late[i] = late(plugin);
            }
            plugin.retire();
            Percentiles order = new Percentiles(late);
            return List.of(
                    figure("end of a loop after its deadline, p90", order.at(90), order.at(50)),
                    figure("the same, worst of " + tries, order.at(100), order.at(50)));
        }
    }

    private static Figure figure(String what, double millis, double median) {
        return Figure.atMost(what, millis, "ms", "the median", median, MOST_MILLIS);
    }

    private static double late(Plugin plugin) throws Exception {
        // And with it the rest that a stopped call is followed by.
        plugin.call(GuestWork.ECHO.type(), GuestWork.event());
        long began = System.nanoTime();
        try {
            plugin.call(GuestWork.SPIN.type(), GuestWork.event());
            throw new IllegalStateException("the loop has come to an end");
        } catch (AgentException e) {
            return (System.nanoTime() - began - DEADLINE.toNanos()) / 1e6;
        }
    }

    /** A thread for each core that never rests. */
    private static final class BusyCores implements AutoCloseable {
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean over;

        static BusyCores all() {
            BusyCores busy = new BusyCores();
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                busy.threads.add(Thread.ofPlatform().daemon().start(busy::burn));
            }
            return busy;
        }

        private void burn() {
            while (!over) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void close() throws InterruptedException {
            over = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }
}
