package io.helix.bench;

import io.helix.api.situation.Hit;
import io.helix.api.situation.SituationSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Situations on one thread. The peer of the engine when it is large is itself when it is small. */
final class SituationBenchmark implements Benchmark {
    private static final int FEW = 10_000;
    private static final int MILLION = 1_000_000;
    private static final int RULES = 1_000;
    private static final int CHANGES = 200;
    private static final int WARM_UP_MILLIS = 4_000;
    private static final int ROUND_MILLIS = 1_000;
    private static final int ROUNDS = 7;

    @Override
    public String name() {
        return "situations";
    }

    @Override
    public String about() {
        return "sequences of events: many rules, many retained hits, live changes, restoring";
    }

    @Override
    public List<Figure> run() {
        List<Figure> figures = new ArrayList<>();
        try (SituationLoad few = new SituationLoad(100, FEW);
                SituationLoad many = new SituationLoad(RULES, FEW)) {
            figures.add(compare("hit, 1,000 rules", many, "100 rules", few, 1 / 1.2));
        }
        try (SituationLoad few = new SituationLoad(RULES, FEW);
                SituationLoad many = new SituationLoad(RULES, MILLION)) {
            figures.add(compare("hit, 1,000,000 retained", many, "10,000 retained", few, 1 / 1.5));
            figures.add(restore(many));
        }
        figures.add(compareMaps());
        figures.add(memory());
        figures.addAll(changes(1_000));
        figures.addAll(changes(10_000));
        return figures;
    }

    private static Figure compare(String name, SituationLoad load, String peer, SituationLoad peerLoad, double least) {
        load.fill();
        peerLoad.fill();
        nanosPerBatch(load, WARM_UP_MILLIS);
        nanosPerBatch(peerLoad, WARM_UP_MILLIS);
        double best = Double.MAX_VALUE;
        double peerBest = Double.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            best = Math.min(best, nanosPerBatch(load, ROUND_MILLIS));
            peerBest = Math.min(peerBest, nanosPerBatch(peerLoad, ROUND_MILLIS));
        }
        if (load.matches() == 0 || peerLoad.matches() == 0) {
            throw new IllegalStateException("nothing matches");
        }
        List<Hit> last = load.batch();
        load.offer(last);
        double hits = last.size() * 1_000.0;
        return Figure.lessIsBetter(name, best / hits, "us CPU/hit", peer, peerBest / hits, least);
    }

    /** How much a plain map loses, which nothing that remembers as many keys can avoid. */
    private static Figure compareMaps() {
        MapLoad few = new MapLoad(FEW);
        MapLoad many = new MapLoad(MILLION);
        double best = Double.MAX_VALUE;
        double peerBest = Double.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            best = Math.min(best, CpuClock.nanosPerRun(many::batch, many::accept, ROUND_MILLIS));
            peerBest = Math.min(peerBest, CpuClock.nanosPerRun(few::batch, few::accept, ROUND_MILLIS));
        }
        if (many.size() <= few.size()) {
            throw new IllegalStateException("nothing is kept");
        }
        MapLoad.Keys last = many.batch();
        double hits = (last.opened().size() + last.closed()) * 1_000.0;
        return Figure.limit("a HashMap, 1,000,000 kept", best / hits, "us CPU/hit", "10,000 kept", peerBest / hits);
    }

    private static double nanosPerBatch(SituationLoad load, long millis) {
        return CpuClock.nanosPerRun(load::batch, load::offer, millis);
    }

    private static Figure restore(SituationLoad load) {
        long hits = load.current().retainedCount();
        double seconds = load.restore() / 1e9 * MILLION / hits;
        return Figure.atMost("restoring 1,000,000 hits", seconds, "s", "the bar", 20, 20);
    }

    /** What a retained hit takes besides the object that the caller made. */
    private static Figure memory() {
        List<Hit> hits = new ArrayList<>();
        try (SituationLoad load = new SituationLoad(RULES, MILLION)) {
            load.fill();
            hits.addAll(load.current().retained());
            SituationLoad other = new SituationLoad(RULES, MILLION);
            load.close();
            long before = usedMemory();
            other.current().offer(hits, load.now());
            double bytes = (double) (usedMemory() - before) / hits.size();
            other.close();
            return Figure.atMost("memory of a retained hit", bytes, "bytes", "one Drools rule each", 750, 500);
        }
    }

    private static long usedMemory() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** With ten hits for each rule in the session, of which the rule that is removed has ten too. */
    private static List<Figure> changes(int rules) {
        try (SituationLoad load = new SituationLoad(rules, rules * 10)) {
            load.fill();
            SituationSession session = load.current();
            double[] puts = new double[CHANGES];
            double[] changes = new double[CHANGES];
            double[] removals = new double[CHANGES];
            for (int i = 0; i < CHANGES; i++) {
                String added = "added" + i;
                String changed = "rule" + i;
                puts[i] = millis(() -> {
                    SituationLoad.put(session, added, SituationLoad.WITHIN);
                    Hit first = new Hit(added, "opened", "key", load.now(), 0, null, null);
                    session.offer(List.of(first), load.now());
                });
                changes[i] = millis(() -> SituationLoad.put(session, changed, Duration.ofMinutes(6)));
                removals[i] = millis(() -> session.remove(changed));
            }
            return List.of(
                    change("put and first hit, ", rules, puts),
                    change("changed put, ", rules, changes),
                    change("remove, ", rules, removals));
        }
    }

    private static Figure change(String what, int rules, double[] millis) {
        double worst = new Percentiles(millis).at(99);
        return Figure.atMost(what + rules + " rules, p99", worst, "ms", "the bar", 20, 20);
    }

    private static double millis(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e6;
    }
}
