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

    /** Many short rounds: the best of them are those in which nothing else needed a processor. */
    @Override
    public List<Figure> run() throws InterruptedException, ExecutionException {
        RuleLoad load = RuleLoad.of(shape);
        HelixRules helix = new HelixRules(load);
        stopwatch.warmUp(helix::matchAll);
        double alone = 0;
        double together = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int i = 0; i < rounds; i++) {
                alone = Math.max(alone, runsPerSecond(threads, 1, helix));
                together = Math.max(together, runsPerSecond(threads, THREADS, helix));
            }
        }
        return List.of(Figure.moreIsBetter(
                "2 threads, " + shape,
                together * load.events().size(),
                "events/s",
                "1 thread",
                alone * load.events().size(),
                LEAST_RATIO));
    }

    private double runsPerSecond(ExecutorService threads, int count, HelixRules helix)
            throws InterruptedException, ExecutionException {
        List<Future<Double>> nanosPerRun = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nanosPerRun.add(threads.submit(() -> stopwatch.round(helix::matchAll)));
        }
        double runs = 0;
        for (Future<Double> nanos : nanosPerRun) {
            runs += 1e9 / nanos.get();
        }
        return runs;
    }
}
