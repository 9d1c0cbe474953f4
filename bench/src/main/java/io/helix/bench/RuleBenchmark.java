package io.helix.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Tier-1 match of parsed events, one thread, against event-ruler. */
final class RuleBenchmark implements Benchmark {
    private final String name;
    private final List<RuleShape> shapes;
    private final int rounds;
    private final Stopwatch stopwatch;

    RuleBenchmark(String name, List<RuleShape> shapes, int rounds, Stopwatch stopwatch) {
        this.name = name;
        this.shapes = shapes;
        this.rounds = rounds;
        this.stopwatch = stopwatch;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String about() {
        return "tier-1 match against event-ruler, on one thread";
    }

    @Override
    public List<Figure> run() throws IOException {
        List<Figure> figures = new ArrayList<>();
        for (RuleShape shape : shapes) {
            figures.add(measure(shape));
        }
        return figures;
    }

    private Figure measure(RuleShape shape) throws IOException {
        RuleLoad load = RuleLoad.of(shape);
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
                "match, " + shape,
                microsPerEvent(helixBest, load),
                "us/event",
                RulerPeer.NAME,
                microsPerEvent(rulerBest, load),
                shape.leastRatio());
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
