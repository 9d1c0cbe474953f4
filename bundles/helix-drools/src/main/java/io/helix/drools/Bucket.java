package io.helix.drools;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules at the end of one way through the alpha nodes: those for one event type, or, where a type has many, those
 * for one type and one value at one path. One rule of Drools stands for all of them, so that the network stays small
 * and what is left to check lies close together.
 */
final class Bucket {
    static final int NO_SLOT = -1;

    /** The first check of each rule beside the rule: most rules fail it, and then the rule itself is not looked at. */
    private Check[] firsts = {};

    private LiveRule[] rules = {};
    private final Place place;
    private final int slot;
    private final String name;

    /**
     * Where a bucket hangs.
     *
     * @param type null when its rules are not limited to a type
     * @param path null when there is no second hash; null together with {@code key}
     */
    record Place(
            @Nullable String type,
            @Nullable List<String> path,
            @Nullable HashKey key) {}

    /**
     * @param slot of the path of the second hash, or {@link #NO_SLOT}
     * @param name of its rule in Drools
     */
    Bucket(Place place, int slot, String name) {
        this.place = place;
        this.slot = slot;
        this.name = name;
    }

    Place place() {
        return place;
    }

    int slot() {
        return slot;
    }

    String name() {
        return name;
    }

    int size() {
        return rules.length;
    }

    void change(Set<LiveRule> leaving, Collection<LiveRule> coming) {
        List<LiveRule> stay = new ArrayList<>(rules.length + coming.size());
        for (LiveRule rule : rules) {
            if (!leaving.contains(rule)) {
                stay.add(rule);
            }
        }
        stay.addAll(coming);
        rules = stay.toArray(LiveRule[]::new);
        firsts = stay.stream().map(LiveRule::first).toArray(Check[]::new);
    }

    /** Notes the rules that hold. One that fails does not hold, and keeps no other from being looked at. */
    void reach(Probe probe) {
        View view = probe.view();
        for (int i = 0; i < firsts.length; i++) {
            try {
                if (firsts[i].test(view) && rules[i].others().test(view)) {
                    probe.hit(rules[i].key());
                }
            } catch (RuntimeException | StackOverflowError e) {
                rules[i].failed(e);
            }
        }
    }
}
