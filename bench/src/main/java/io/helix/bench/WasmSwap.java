package io.helix.bench;

import io.helix.api.agent.AgentException;
import io.helix.wasm.WasmLoad;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** How long a new plugin takes until it is fast, and whether its callers notice when it is replaced. */
final class WasmSwap implements Benchmark {
    private static final double MOST_SLOWER = 3;
    private static final int BATCH = 200;
    private static final int BATCHES_FOR_STEADY = 20;
    private static final double STEADY = 1.5;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Duration steady;
    private final Duration after;

    /**
     * @param steady how long the first version is called
     * @param after how long the second one is, once it serves
     */
    WasmSwap(Duration steady, Duration after) {
        this.steady = steady;
        this.after = after;
    }

    /**
     * A number of calls, one after the other.
     *
     * @param end when they were done, in the time of {@link System#nanoTime()}
     * @param micros of one of them
     * @param cpuMicros of the thread that called
     */
    private record Batch(long end, double micros, double cpuMicros) {}

    @Override
    public String name() {
        return "wasm-swap";
    }

    @Override
    public String about() {
        return "time until a plugin is fast; its speed while it is replaced";
    }

    @Override
    public List<Figure> run() throws Exception {
        try (WasmLoad load = HelixGuest.open(Duration.ofSeconds(10));
                ScratchFolder scratch = ScratchFolder.create();
                WasmLoad.Folder folder = load.new Folder()) {
            long loaded = System.nanoTime();
            folder.deploy(write(scratch, 1));
            List<Batch> batches = new ArrayList<>();
            AtomicBoolean over = new AtomicBoolean();
            Thread caller = Thread.ofPlatform().start(() -> callUntil(over, folder, batches));
            Thread.sleep(steady);
            long swapped = System.nanoTime();
            folder.deploy(write(scratch, 2));
            long serves = System.nanoTime();
            Thread.sleep(after);
            over.set(true);
            caller.join();
            return figures(batches, loaded, swapped, serves);
        }
    }

    private static Path write(ScratchFolder scratch, int version) throws IOException {
        return Files.write(scratch.path().resolve("guest.wasm"), PluginFile.version(version));
    }

    private static void callUntil(AtomicBoolean over, WasmLoad.Folder folder, List<Batch> batches) {
        byte[] event = event();
        while (!over.get()) {
            long began = System.nanoTime();
            long cpu = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < BATCH; i++) {
                call(folder, event);
            }
            double cpuMicros = (THREADS.getCurrentThreadCpuTime() - cpu) / 1e3 / BATCH;
            long now = System.nanoTime();
            batches.add(new Batch(now, (now - began) / 1e3 / BATCH, cpuMicros));
        }
    }

    private static void call(WasmLoad.Folder folder, byte[] event) {
        try {
            folder.call(GuestWork.DIGEST.type(), event);
        } catch (AgentException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] event() {
        try {
            return GuestWork.event();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<Figure> figures(List<Batch> batches, long loaded, long swapped, long serves) {
        List<Batch> before = between(batches, swapped - Duration.ofSeconds(5).toNanos(), swapped);
        List<Batch> during = between(batches, swapped, serves);
        List<Batch> since = between(batches, serves, Long.MAX_VALUE);
        double wall = new Percentiles(before.stream().mapToDouble(Batch::micros).toArray()).at(50);
        double cpu =
                new Percentiles(before.stream().mapToDouble(Batch::cpuMicros).toArray()).at(50);
        double untilSteady = (steadyAt(batches, cpu) - loaded) / 1e9;
        return List.of(
                Figure.atMost("load to steady speed, called all the time", untilSteady, "s", "-", untilSteady, 30),
                Figure.atMost("load of a new version, its warm-up in it", (serves - swapped) / 1e9, "s", "-", 0, 30),
                slower("worst batch, CPU, while it loads", worstCpu(during), cpu),
                slower("worst batch, CPU, once it serves", worstCpu(since), cpu),
                slower("slowest second while it loads", slowestSecond(during, swapped), wall),
                slower("slowest second once it serves", slowestSecond(since, serves), wall),
                slower("p99 of batches while it loads", p99(during), wall),
                slower("p99 of batches once it serves", p99(since), wall));
    }

    private static List<Batch> between(List<Batch> batches, long from, long to) {
        return batches.stream()
                .filter(batch -> batch.end() - from >= 0 && batch.end() - to < 0)
                .toList();
    }

    /** When the first of some batches in a row ended that all are about as fast as it gets. */
    private static long steadyAt(List<Batch> batches, double cpu) {
        int fast = 0;
        for (Batch batch : batches) {
            fast = batch.cpuMicros() <= cpu * STEADY ? fast + 1 : 0;
            if (fast == BATCHES_FOR_STEADY) {
                return batch.end();
            }
        }
        return batches.getLast().end();
    }

    private static double worstCpu(List<Batch> batches) {
        return new Percentiles(batches.stream().mapToDouble(Batch::cpuMicros).toArray()).at(100);
    }

    /** Microseconds a call took on average in the second in which the fewest were done; the last, begun one is left out. */
    private static double slowestSecond(List<Batch> batches, long from) {
        long second = Duration.ofSeconds(1).toNanos();
        int whole = (int) ((batches.getLast().end() - from) / second);
        long[] done = new long[whole];
        for (Batch batch : batches) {
            int index = (int) ((batch.end() - from) / second);
            if (index < whole) {
                done[index]++;
            }
        }
        long fewest = Arrays.stream(done).min().orElseThrow();
        return 1e6 / (fewest * BATCH);
    }

    private static double p99(List<Batch> batches) {
        return new Percentiles(batches.stream().mapToDouble(Batch::micros).toArray()).at(99);
    }

    private static Figure slower(String what, double micros, double steady) {
        return Figure.lessIsBetter(what, micros, "us/call", "steady, median", steady, 1 / MOST_SLOWER);
    }
}
