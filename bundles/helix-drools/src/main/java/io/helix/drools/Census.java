package io.helix.drools;

import io.helix.drools.IndexPlan.Equality;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what live rules ask for, to decide what is worth a hash. */
final class Census {
    /** Up to here looking at the rules of a type one by one is faster than a second hash. */
    private static final int CROWDED = 16;
    /** A second hash has to leave at most this part of the rules. */
    private static final int LEAST_GAIN = 4;
    /** So many buckets one rule may sit in. */
    private static final int MOST_PLACES = 32;

    private final Map<String, Integer> rulesByType = new HashMap<>();
    private final Map<List<String>, Map<HashKey, Integer>> keysByPath = new HashMap<>();

    void add(IndexPlan plan) {
        plan.types().forEach(type -> rulesByType.merge(type, 1, Integer::sum));
        for (Equality equality : plan.equalities()) {
            Map<HashKey, Integer> keys = keysByPath.computeIfAbsent(path(equality), path -> new HashMap<>());
            equality.keys().forEach(key -> keys.merge(key, 1, Integer::sum));
        }
    }

    void remove(IndexPlan plan) {
        plan.types().forEach(type -> decrease(rulesByType, type));
        plan.equalities().forEach(this::remove);
    }

    private void remove(Equality equality) {
        Map<HashKey, Integer> keys = keysByPath.get(path(equality));
        if (keys != null) {
            equality.keys().forEach(key -> decrease(keys, key));
            if (keys.isEmpty()) {
                keysByPath.remove(path(equality));
            }
        }
    }

    private static <K> void decrease(Map<K, Integer> counts, K key) {
        counts.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
    }

    private static List<String> path(Equality equality) {
        return equality.field().path();
    }

    /** How many types and paths are counted. */
    int size() {
        return rulesByType.size() + keysByPath.size();
    }

    /** The equality worth a second hash; null when none is, or when the type alone leaves few rules. */
    @Nullable
    Equality secondHash(IndexPlan plan) {
        return crowded(plan) ? mostTelling(plan) : null;
    }

    private boolean crowded(IndexPlan plan) {
        return plan.types().isEmpty()
                || plan.types().stream().anyMatch(type -> rulesByType.getOrDefault(type, 0) > CROWDED);
    }

    /** The equality that leaves the smallest part of the rules. */
    private @Nullable Equality mostTelling(IndexPlan plan) {
        int types = Math.max(1, plan.types().size());
        Equality best = null;
        int most = LEAST_GAIN - 1;
        for (Equality equality : plan.equalities()) {
            int gain = gain(equality);
            if (gain > most && types * equality.keys().size() <= MOST_PLACES) {
                most = gain;
                best = equality;
            }
        }
        return best;
    }

    private int gain(Equality equality) {
        return keysByPath.getOrDefault(path(equality), Map.of()).size()
                / equality.keys().size();
    }
}
