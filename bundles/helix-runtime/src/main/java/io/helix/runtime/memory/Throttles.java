package io.helix.runtime.memory;

import io.helix.api.situation.Match;
import io.helix.runtime.document.ThrottleDefinition;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How often rules fired lately, and what they collect. Its only clock is the times it is given, which never go back. */
final class Throttles {
    /** More are counted but not listed. */
    static final int MOST_COLLECTED = 1_000;

    /**
     * What one rule may take; one that wants more is given up.
     *
     * @param keys that are not open
     * @param matches collected under all keys
     */
    record Limits(int keys, int matches) {
        static final Limits DEFAULT = new Limits(100_000, 100_000);
    }

    /** One throttle of one key. */
    static final class Gate {
        final String rule;
        final String key;
        final Deque<Instant> fired = new ArrayDeque<>();
        final List<Match> collected = new ArrayList<>();
        long count;
        Instant until = Instant.EPOCH;

        Gate(String rule, String key) {
            this.rule = rule;
            this.key = key;
        }
    }

    /** What a throttle has collected when its time is over. */
    record Collected(String rule, String key, Instant due, List<Match> matches, long count) {}

    private record Expiry(Instant at, String rule, String key) {
        static final Comparator<Expiry> ORDER =
                Comparator.comparing(Expiry::at).thenComparing(Expiry::rule).thenComparing(Expiry::key);
    }

    private final Limits limits;
    private final Map<String, Map<String, Gate>> gates = new HashMap<>();
    private final Map<String, String> overfull = new TreeMap<>();
    private final Map<String, Integer> collected = new HashMap<>();
    private final PriorityQueue<Expiry> expiries = new PriorityQueue<>(Expiry.ORDER);
    private final PriorityQueue<Expiry> deadlines = new PriorityQueue<>(Expiry.ORDER);

    Throttles() {
        this(Limits.DEFAULT);
    }

    Throttles(Limits limits) {
        this.limits = limits;
    }

    /** Whether the rule fires for this match now. */
    boolean admits(ThrottleDefinition throttle, Match match, Instant due) {
        Gate gate = gate(match.rule(), throttle.perKey() ? match.key() : "");
        return switch (throttle.mode()) {
            case ONCE_WITHIN -> onceWithin(gate, throttle, due);
            case ONCE_AFTER -> collect(gate, throttle, match, due);
            case AT_MOST -> atMost(gate, throttle, due);
        };
    }

    private boolean onceWithin(Gate gate, ThrottleDefinition throttle, Instant due) {
        if (due.isBefore(gate.until)) {
            gate.count++;
            return false;
        }
        gate.count = 0;
        close(gate, due.plus(throttle.window()));
        return true;
    }

    private boolean collect(Gate gate, ThrottleDefinition throttle, Match match, Instant due) {
        if (gate.count == 0) {
            close(gate, due.plus(throttle.window()));
            deadlines.add(new Expiry(gate.until, gate.rule, gate.key));
        }
        gate.count++;
        if (gate.collected.size() < MOST_COLLECTED) {
            gate.collected.add(match);
            if (collected.merge(gate.rule, 1, Integer::sum) > limits.matches()) {
                overfull.put(gate.rule, "its throttle collects more than " + limits.matches() + " matches at a time");
            }
        }
        return false;
    }

    private boolean atMost(Gate gate, ThrottleDefinition throttle, Instant due) {
        while (!gate.fired.isEmpty() && !due.isBefore(gate.fired.getFirst().plus(throttle.window()))) {
            gate.fired.removeFirst();
        }
        if (gate.fired.size() >= throttle.most()) {
            gate.count++;
            return false;
        }
        gate.fired.addLast(due);
        close(gate, due.plus(throttle.window()));
        return true;
    }

    private void close(Gate gate, Instant until) {
        gate.until = until;
        expiries.add(new Expiry(until, gate.rule, gate.key));
    }

    private Gate gate(String rule, String key) {
        Map<String, Gate> ofRule = gates.computeIfAbsent(rule, name -> new HashMap<>());
        Gate gate = ofRule.computeIfAbsent(key, k -> new Gate(rule, k));
        if (ofRule.size() > limits.keys()) {
            overfull.put(rule, "its throttle has more than " + limits.keys() + " keys at a time");
        }
        return gate;
    }

    /** Opens what is over at {@code now}; what was collected until then, in the order of its time. */
    List<Collected> over(Instant now) {
        List<Collected> over = new ArrayList<>();
        for (Expiry next = expiries.peek(); next != null && !next.at().isAfter(now); next = expiries.peek()) {
            expiries.remove();
            Gate gate = gates.getOrDefault(next.rule(), Map.of()).get(next.key());
            if (gate != null && gate.until.equals(next.at())) {
                open(gate);
                if (!gate.collected.isEmpty()) {
                    over.add(new Collected(gate.rule, gate.key, next.at(), List.copyOf(gate.collected), gate.count));
                }
            }
        }
        return over;
    }

    private void open(Gate gate) {
        collected.computeIfPresent(
                gate.rule, (rule, count) -> count > gate.collected.size() ? count - gate.collected.size() : null);
        Map<String, Gate> ofRule = gates.getOrDefault(gate.rule, Map.of());
        ofRule.remove(gate.key);
        if (ofRule.isEmpty()) {
            gates.remove(gate.rule);
        }
    }

    /** When {@link #over} could return something. */
    Optional<Instant> next() {
        for (Expiry next = deadlines.peek(); next != null; next = deadlines.peek()) {
            Gate gate = find(next.rule(), next.key());
            if (gate != null && gate.until.equals(next.at()) && !gate.collected.isEmpty()) {
                return Optional.of(next.at());
            }
            deadlines.remove();
        }
        return Optional.empty();
    }

    @Nullable
    Gate find(String rule, String key) {
        return gates.getOrDefault(rule, Map.of()).get(key);
    }

    /** Rules that took too much since the last call, with the reason. */
    Map<String, String> overfull() {
        Map<String, String> found = Map.copyOf(overfull);
        overfull.clear();
        return found;
    }

    void remove(String rule) {
        gates.remove(rule);
        collected.remove(rule);
    }

    /** All gates that are not open. */
    List<Gate> all() {
        return gates.values().stream()
                .flatMap(ofRule -> ofRule.values().stream())
                .sorted(Comparator.comparing((Gate gate) -> gate.rule).thenComparing(gate -> gate.key))
                .toList();
    }

    /** Takes a gate as it was. */
    void restore(Gate gate) {
        gates.computeIfAbsent(gate.rule, name -> new HashMap<>()).put(gate.key, gate);
        collected.merge(gate.rule, gate.collected.size(), Integer::sum);
        Expiry expiry = new Expiry(gate.until, gate.rule, gate.key);
        expiries.add(expiry);
        if (!gate.collected.isEmpty()) {
            deadlines.add(expiry);
        }
    }
}
