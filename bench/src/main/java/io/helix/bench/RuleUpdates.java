package io.helix.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Rules that come and go one by one while many are live: how long it takes, and what it costs the events. */
final class RuleUpdates implements Benchmark {
    private static final double MOST_MILLIS = 20;
    private static final double LEAST_RATIO = 0.9;
    private static final int CHANGES = 400;
    private static final long MILLIS_BETWEEN_CHANGES = 100;
    private static final double SLOWEST_BUT_ONE_PERCENT = 0.99;

    private final RuleShape shape;
    private final int rounds;
    private final Stopwatch stopwatch;

    RuleUpdates(RuleShape shape, int rounds, Stopwatch stopwatch) {
        this.shape = shape;
        this.rounds = rounds;
        this.stopwatch = stopwatch;
    }

    @Override
    public String name() {
        return "rule-updates";
    }

    @Override
    public String about() {
        return "rules that come and go while events are matched";
    }

    @Override
    public List<Figure> run() throws IOException {
        RuleLoad load = RuleLoad.of(shape);
        List<ObjectNode> coming =
                RuleLoad.of(new RuleShape(CHANGES, shape.types() * 2, 0)).rules();
        HelixRules helix = new HelixRules(load);
        RulerPeer ruler = new RulerPeer(load);
        Figure put = atMost("put one more", times(coming, helix::put), times(coming, ruler::put));
        Figure remove =
                atMost("remove one", times(coming, (name, rule) -> helix.remove(name)), times(coming, ruler::remove));
        return List.of(put, remove, dip(helix, load, coming));
    }

    private Figure atMost(String what, double helix, double ruler) {
        return Figure.atMost(what + ", " + shape, helix, "ms (p99)", RulerPeer.NAME, ruler, MOST_MILLIS);
    }

    private static double times(List<ObjectNode> rules, Change change) throws IOException {
        long[] nanos = new long[rules.size()];
        for (int i = 0; i < nanos.length; i++) {
            long start = System.nanoTime();
            change.apply("new" + i, rules.get(i));
            nanos[i] = System.nanoTime() - start;
        }
        java.util.Arrays.sort(nanos);
        return nanos[(int) (nanos.length * SLOWEST_BUT_ONE_PERCENT)] / 1e6;
    }

    /** Rounds with and without changes take turns, so that whatever else the machine does meets both. */
    private Figure dip(HelixRules helix, RuleLoad load, List<ObjectNode> coming) {
        stopwatch.warmUp(helix::matchAll);
        double quiet = 0;
        double changing = 0;
        for (int i = 0; i < rounds; i++) {
            quiet += 1e9 / stopwatch.round(helix::matchAll);
            changing += whileRulesChange(helix, coming, () -> 1e9 / stopwatch.round(helix::matchAll));
        }
        double events = load.events().size() / (double) rounds;
        return Figure.moreIsBetter(
                "match while 10 rules/s change",
                changing * events,
                "events/s",
                "undisturbed",
                quiet * events,
                LEAST_RATIO);
    }

    private static double whileRulesChange(
            HelixRules helix, List<ObjectNode> coming, java.util.function.DoubleSupplier work) {
        AtomicLong turn = new AtomicLong();
        try (ScheduledExecutorService changer = Executors.newSingleThreadScheduledExecutor()) {
            changer.scheduleAtFixedRate(
                    () -> change(helix, coming, turn.getAndIncrement()),
                    0,
                    MILLIS_BETWEEN_CHANGES,
                    TimeUnit.MILLISECONDS);
            return work.getAsDouble();
        }
    }

    /** Puts a rule at one turn and removes it at the next. */
    private static void change(HelixRules helix, List<ObjectNode> coming, long turn) {
        int number = (int) (turn / 2 % coming.size());
        if (turn % 2 == 0) {
            helix.put("new" + number, coming.get(number));
        } else {
            helix.remove("new" + number);
        }
    }

    @FunctionalInterface
    private interface Change {
        void apply(String name, ObjectNode rule) throws IOException;
    }
}
