package io.helix.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.ref.Reference;
import java.util.List;

/** What a live rule costs in memory, the pattern it was made from included. */
final class RuleMemory implements Benchmark {
    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

    private final RuleShape shape;

    RuleMemory(RuleShape shape) {
        this.shape = shape;
    }

    @Override
    public String name() {
        return "rule-memory";
    }

    @Override
    public String about() {
        return "memory of a rule against event-ruler";
    }

    @Override
    public List<Figure> run() throws IOException {
        RuleLoad load = new RuleLoad(RuleLoad.of(shape).rules(), List.of());
        // What is loaded once, whatever the number of rules, is not what a rule costs.
        RuleLoad first = new RuleLoad(load.rules().subList(0, 1), List.of());
        Reference.reachabilityFence(new HelixRules(first));
        Reference.reachabilityFence(new RulerPeer(first));
        return List.of(Figure.lessIsBetter(
                "memory, " + shape,
                bytes(() -> new HelixRules(load)) / shape.rules(),
                "bytes/rule",
                RulerPeer.NAME,
                bytes(() -> new RulerPeer(load)) / shape.rules(),
                1));
    }

    private static double bytes(Source source) throws IOException {
        long before = used();
        Object made = source.make();
        long after = used();
        Reference.reachabilityFence(made);
        return after - before;
    }

    private static long used() {
        System.gc();
        System.gc();
        return MEMORY.getHeapMemoryUsage().getUsed();
    }

    @FunctionalInterface
    private interface Source {
        Object make() throws IOException;
    }
}
