package io.helix.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Tier-1 match of parsed events, one thread, against event-ruler. */
final class RuleBenchmark implements Benchmark {
    private static final double LEAST_RATIO = 5;

    private final String name;
    private final List<Integer> sizes;
    private final int rounds;
    private final Stopwatch stopwatch;

    RuleBenchmark(String name, List<Integer> sizes, int rounds, Stopwatch stopwatch) {
        this.name = name;
        this.sizes = sizes;
        this.rounds = rounds;
        this.stopwatch = stopwatch;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String about() {
        return "tier-1 match at " + sizes + " rules against event-ruler";
    }

    @Override
    public List<Figure> run() throws IOException {
        List<Figure> figures = new ArrayList<>();
        for (int size : sizes) {
            figures.add(measure(size));
        }
        return figures;
    }

    private Figure measure(int size) throws IOException {
        RuleLoad load = RuleLoad.of(size);
        HelixRules helix = new HelixRules(load);
        RulerPeer ruler = new RulerPeer(load);
        requireSameHits(helix.matchAll(), ruler.matchAll());
        stopwatch.warmUp(helix::matchAll);
        stopwatch.warmUp(ruler::matchAll);
        double helixBest = Double.MAX_VALUE;
        double rulerBest = Double.MAX_VALUE;
        for (int i = 0; i < rounds; i++) {
            helixBest = Math.min(helixBest, stopwatch.round(helix::matchAll));
            rulerBest = Math.min(rulerBest, stopwatch.round(ruler::matchAll));
        }
        return Figure.lessIsBetter(
                "match, " + size + " rules",
                microsPerEvent(helixBest, load),
                "us/event",
                "event-ruler 2.1.0",
                microsPerEvent(rulerBest, load),
                LEAST_RATIO);
    }

    /** A matcher that finds less is not faster. */
    private static void requireSameHits(long helix, long ruler) {
        if (helix != ruler || helix == 0) {
            throw new IllegalStateException("helix finds " + helix + " matches, event-ruler " + ruler);
        }
    }

    private static double microsPerEvent(double nanosPerRun, RuleLoad load) {
        return nanosPerRun / load.events().size() / 1_000;
    }
}
