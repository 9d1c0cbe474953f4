package io.helix.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How much more two threads match than one, with the same matcher. Each thread has its processor and is timed on it alone
 * too: on a machine that is shared, one processor may be a third as fast as the other for as long as a neighbour needs
 * the caches, and would make two threads look better or worse than they are.
 */
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
    public List<Figure> run() throws IOException, InterruptedException, ExecutionException {
        RuleLoad load = RuleLoad.of(shape);
        HelixRules helix = new HelixRules(load);
        List<ExecutorService> threads = pinned();
        try {
            Work match = new Work(helix::matchAll, load.events().size());
            stopwatch.warmUp(match.run());
            return List.of(
                    figure("2 threads, " + shape, "events/s", measure(threads, match)),
                    figure(
                            "2 threads, arithmetic: the limit",
                            "runs/s",
                            measure(threads, new Work(new Arithmetic(), 1))));
        } finally {
            threads.forEach(ExecutorService::close);
        }
    }

    /** @param count how much one run is */
    private record Work(Runnable run, int count) {}

    /**
     * One after the other, then at the same time.
     *
     * @param alone per second, the mean of the threads
     * @param together per second, their sum
     */
    private record Round(double alone, double together) {
        double ratio() {
            return together / alone;
        }
    }

    private static List<ExecutorService> pinned() throws IOException, InterruptedException, ExecutionException {
        List<Integer> processors = Processors.allowed();
        if (processors.size() < THREADS) {
            throw new IllegalStateException("two threads need two processors");
        }
        List<ExecutorService> threads = new ArrayList<>();
        for (int processor : processors.subList(0, THREADS)) {
            ExecutorService thread = Executors.newSingleThreadExecutor();
            threads.add(thread);
            thread.submit(() -> {
                        Processors.pin(processor);
                        return processor;
                    })
                    .get();
        }
        return threads;
    }

    /** The round of which half of the others scale better. */
    private Round measure(List<ExecutorService> threads, Work work) throws InterruptedException, ExecutionException {
        List<Round> measured = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            double alone = 0;
            for (ExecutorService thread : threads) {
                alone += perSecond(List.of(thread), work) / THREADS;
            }
            measured.add(new Round(alone, perSecond(threads, work)));
        }
        measured.sort(Comparator.comparingDouble(Round::ratio));
        return measured.get(rounds / 2);
    }

    private double perSecond(List<ExecutorService> threads, Work work) throws InterruptedException, ExecutionException {
        List<Future<Double>> nanosPerRun = new ArrayList<>();
        for (ExecutorService thread : threads) {
            nanosPerRun.add(thread.submit(() -> stopwatch.round(work.run())));
        }
        double runs = 0;
        for (Future<Double> nanos : nanosPerRun) {
            runs += 1e9 / nanos.get();
        }
        return runs * work.count();
    }

    private static Figure figure(String what, String unit, Round round) {
        return Figure.moreIsBetter(what, round.together(), unit, "1 thread", round.alone(), LEAST_RATIO);
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
