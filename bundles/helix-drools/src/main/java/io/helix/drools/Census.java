package io.helix.drools;

import io.helix.drools.IndexPlan.Equality;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what live rules ask for, to decide what is worth a hash. */
final class Census {
    private final Map<String, Integer> rulesByType = new HashMap<>();
    private final Map<List<String>, Map<String, Integer>> valuesByPath = new HashMap<>();

    void add(IndexPlan plan) {
        plan.types().forEach(type -> rulesByType.merge(type, 1, Integer::sum));
        for (Equality equality : plan.equalities()) {
            values(equality).merge(equality.key(), 1, Integer::sum);
        }
    }

    private Map<String, Integer> values(Equality equality) {
        return valuesByPath.computeIfAbsent(equality.field().path(), path -> new HashMap<>());
    }

    void remove(IndexPlan plan) {
        plan.types().forEach(type -> decrease(rulesByType, type));
        for (Equality equality : plan.equalities()) {
            Map<String, Integer> values = values(equality);
            decrease(values, equality.key());
            if (values.isEmpty()) {
                valuesByPath.remove(equality.field().path());
            }
        }
    }

    private static void decrease(Map<String, Integer> counts, String key) {
        counts.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
    }

    /** Whether the types of a rule leave more candidates than {@code limit}. */
    boolean crowded(IndexPlan plan, int limit) {
        return plan.types().isEmpty()
                || plan.types().stream().anyMatch(type -> rulesByType.getOrDefault(type, 0) > limit);
    }

    /** The equality whose path has the most different values; null when the rule has none. */
    @Nullable
    Equality mostTelling(IndexPlan plan) {
        Equality best = null;
        int most = 0;
        for (Equality equality : plan.equalities()) {
            int different = values(equality).size();
            if (different > most) {
                most = different;
                best = equality;
            }
        }
        return best;
    }
}
