package io.helix.bench;

import java.time.Duration;
import java.util.List;

/** Matches random rules and events until so many pairs agree with a peer, or the time is over. */
final class RuleSoak implements Benchmark {
    private final long pairs;
    private final Duration time;
    private final long firstSeed;

    RuleSoak(long pairs, Duration time, long firstSeed) {
        this.pairs = pairs;
        this.time = time;
        this.firstSeed = firstSeed;
    }

    @Override
    public String name() {
        return "rules";
    }

    @Override
    public String about() {
        return "tier-1 match of random rules and events against the plain evaluator and event-ruler";
    }

    /** @throws IllegalStateException with the seed and the pair, when the two disagree */
    @Override
    public List<Figure> run() throws Exception {
        long end = System.nanoTime() + time.toNanos();
        long plain = 0;
        long ruler = 0;
        for (long seed = firstSeed; plain + ruler < pairs && System.nanoTime() < end; seed++) {
            plain += PlainSoak.run(seed);
            ruler += RulerSoak.run(seed);
        }
        return List.of(agreement("plain evaluator", plain), agreement(RulerPeer.NAME, ruler));
    }

    static IllegalStateException disagreement(long seed, String what, Object rule, Object event) {
        return new IllegalStateException("seed " + seed + ": " + what + "\n  rule  " + rule + "\n  event " + event);
    }

    private Figure agreement(String peer, long agreed) {
        return Figure.moreIsBetter("pairs that agree, seeds from " + firstSeed, agreed, "pairs", peer, agreed, 1);
    }
}
