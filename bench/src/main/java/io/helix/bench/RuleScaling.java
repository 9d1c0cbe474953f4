package io.helix.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** How much more two threads match than one, with the same matcher. */
final class RuleScaling implements Benchmark {
    private static final double LEAST_RATIO = 1.7;
    private static final int THREADS = 2;

    private final RuleShape shape;
    private final int rounds;
    private final Stopwatch stopwatch;

    RuleScaling(RuleShape shape, int rounds, Stopwatch stopwatch) {
        this.shape = shape;
        this.rounds = rounds;
        this.stopwatch = stopwatch;
    }

    @Override
    public String name() {
        return "rule-scaling";
    }

    @Override
    public String about() {
        return "tier-1 match on two threads against one";
    }

    @Override
    public List<Figure> run() throws InterruptedException, ExecutionException {
        RuleLoad load = RuleLoad.of(shape);
        HelixRules helix = new HelixRules(load);
        stopwatch.warmUp(helix::matchAll);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            return List.of(
                    scaling(
                            threads,
                            "2 threads, " + shape,
                            helix::matchAll,
                            load.events().size(),
                            "events/s"),
                    scaling(threads, "2 threads, arithmetic: the limit", new Arithmetic(), 1, "runs/s"));
        }
    }

    /** Many short rounds: the best of them are those in which nothing else needed a processor. */
    private Figure scaling(ExecutorService threads, String what, Runnable work, int perRun, String unit)
            throws InterruptedException, ExecutionException {
        double alone = 0;
        double together = 0;
        for (int i = 0; i < rounds; i++) {
            alone = Math.max(alone, runsPerSecond(threads, 1, work));
            together = Math.max(together, runsPerSecond(threads, THREADS, work));
        }
        return Figure.moreIsBetter(what, together * perRun, unit, "1 thread", alone * perRun, LEAST_RATIO);
    }

    private double runsPerSecond(ExecutorService threads, int count, Runnable work)
            throws InterruptedException, ExecutionException {
        List<Future<Double>> nanosPerRun = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nanosPerRun.add(threads.submit(() -> stopwatch.round(work)));
        }
        double runs = 0;
        for (Future<Double> nanos : nanosPerRun) {
            runs += 1e9 / nanos.get();
        }
        return runs;
    }

    /** Shares nothing, so whatever two threads of it lose, the machine has not to give. */
    private static final class Arithmetic implements Runnable {
        private volatile long result;

        @Override
        public void run() {
            long number = result + 1;
            for (int i = 0; i < 2_000_000; i++) {
                number = number * 6_364_136_223_846_793_005L + i;
            }
            result = number;
        }
    }
}
