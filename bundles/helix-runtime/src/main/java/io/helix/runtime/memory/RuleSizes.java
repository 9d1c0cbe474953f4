package io.helix.runtime.memory;

import io.helix.api.situation.Hit;
import io.helix.api.situation.SituationEngine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** How much rules remember: hits that wait for their turn, which no session counts, and the bytes of events. */
final class RuleSizes {
    /**
     * What one rule may take.
     *
     * @param waiting hits that wait for their turn
     * @param bytes of events that it looks at again
     */
    record Limits(int waiting, long bytes) {
        static final Limits DEFAULT = new Limits(SituationEngine.Limits.DEFAULT.hits(), 32L << 20);
    }

    private final Limits limits;
    private final Map<String, Integer> waiting = new HashMap<>();
    /** At least what is kept: what is let go is taken off only when the limit is reached. */
    private final Map<String, Long> bytes = new HashMap<>();

    RuleSizes() {
        this(Limits.DEFAULT);
    }

    RuleSizes(Limits limits) {
        this.limits = limits;
    }

    void waits(Hit hit) {
        waiting.merge(hit.rule(), 1, Integer::sum);
        bytes.merge(hit.rule(), size(hit), Long::sum);
    }

    void waitsNoMore(Hit hit) {
        waiting.computeIfPresent(hit.rule(), (rule, count) -> count == 1 ? null : count - 1);
    }

    int waiting(String rule) {
        return waiting.getOrDefault(rule, 0);
    }

    /** @param remembered all hits of the rule, asked for seldom */
    boolean over(String rule, Supplier<List<Hit>> remembered) {
        if (waiting(rule) > limits.waiting()) {
            return true;
        }
        if (bytes.getOrDefault(rule, 0L) <= 2 * limits.bytes()) {
            return false;
        }
        long exact = remembered.get().stream().mapToLong(RuleSizes::size).sum();
        bytes.put(rule, exact);
        // Half of it may come before all is counted again.
        return exact > limits.bytes();
    }

    String reason() {
        return "it keeps more than " + limits.waiting() + " events or " + (limits.bytes() >> 20) + " MiB of them";
    }

    private static long size(Hit hit) {
        byte[] body = hit.event() instanceof Remembered remembered ? remembered.body() : null;
        return body == null ? 0 : body.length;
    }

    void forget(String rule) {
        waiting.remove(rule);
        bytes.remove(rule);
    }

    void clear() {
        waiting.clear();
        bytes.clear();
    }
}
