package io.helix.drools;

import io.helix.api.event.Event;
import io.helix.api.rule.Condition;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.RuleKey;
import io.helix.drools.IndexPlan.Equality;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.kie.api.definition.KiePackage;

/**
 * The live rules of one profile as an alpha network of Drools, without a session: nothing is kept from event to event,
 * so any number of threads may match at once. A change is prepared beside them and keeps them out only while the
 * prepared parts are put in.
 *
 * <p>A rule lies in the bucket of its event type. Where a type has many rules, or a rule has no type, the bucket is
 * that of one more value. A network per profile keeps the rules of one tenant from slowing down another.
 */
final class Network {
    /**
     * So many buckets at most are added or removed while events wait. To remove one, Drools looks at all that hang
     * below the same type; with more, new nodes are built beside the old ones.
     */
    private static final int FEW = 64;

    private final String profile;
    private AlphaNodes nodes;
    private final Slots slots = new Slots();
    private final Census census = new Census();
    private final Lanes lanes = new Lanes();
    private final Map<RuleKey, LiveRule> live = new HashMap<>();
    private final Map<Bucket.Place, Bucket> buckets = new HashMap<>();
    private long nextName;
    private volatile int size;

    Network(String profile) {
        this.profile = profile;
        this.nodes = new AlphaNodes(profile);
    }

    List<RuleKey> match(Event event) {
        Lane lane = lanes.enter();
        try {
            return new Probe(new View(slots, event)).match(nodes);
        } finally {
            lane.leave();
        }
    }

    int size() {
        return size;
    }

    /**
     * What is kept for the live rules; all zero when there are none.
     *
     * @param sinks the nodes directly below the root of Drools
     */
    record Footprint(int rules, int buckets, int paths, int counts, int droolsRules, int sinks) {}

    synchronized Footprint footprint() {
        return new Footprint(
                live.size(), buckets.size(), slots.size(), census.size(), nodes.ruleCount(), nodes.sinkCount());
    }

    synchronized void put(Map<RuleKey, Pattern> patterns) {
        Map<RuleKey, Pattern> changed = new LinkedHashMap<>(patterns);
        changed.entrySet().removeIf(entry -> isLive(entry.getKey(), entry.getValue()));
        change(changed.keySet(), changed);
    }

    private boolean isLive(RuleKey key, Pattern pattern) {
        LiveRule rule = live.get(key);
        return rule != null && rule.pattern().equals(pattern);
    }

    synchronized void remove(Collection<RuleKey> keys) {
        change(new LinkedHashSet<>(keys), Map.of());
    }

    private void change(Set<RuleKey> leavingKeys, Map<RuleKey, Pattern> comingPatterns) {
        List<LiveRule> leaving = takeOut(leavingKeys);
        List<Bucket> added = new ArrayList<>();
        List<LiveRule> coming = compile(comingPatterns, added);
        if (leaving.isEmpty() && coming.isEmpty()) {
            return;
        }
        NetworkChange change = new NetworkChange();
        leaving.forEach(change::leave);
        coming.forEach(change::come);
        exchange(change, added);
        leaving.forEach(rule -> slots.release(rule.paths()));
        coming.forEach(rule -> live.put(rule.key(), rule));
        size = live.size();
    }

    private void exchange(NetworkChange change, List<Bucket> added) {
        List<Bucket> emptied = change.emptied();
        emptied.forEach(bucket -> buckets.remove(bucket.place()));
        if (emptied.size() > FEW || added.size() > Math.max(FEW, buckets.size() / 4)) {
            AlphaNodes rebuilt = new AlphaNodes(profile);
            rebuilt.change(List.of(), rebuilt.compile(buckets.values()));
            lanes.whileEmpty(() -> {
                change.apply();
                nodes = rebuilt;
            });
        } else {
            Collection<KiePackage> compiled = nodes.compile(added);
            lanes.whileEmpty(() -> {
                change.apply();
                nodes.change(emptied, compiled);
            });
        }
    }

    private List<LiveRule> takeOut(Set<RuleKey> keys) {
        List<LiveRule> taken = new ArrayList<>();
        for (RuleKey key : keys) {
            LiveRule rule = live.remove(key);
            if (rule != null) {
                census.remove(IndexPlan.of(rule.pattern()));
                taken.add(rule);
            }
        }
        return taken;
    }

    private List<LiveRule> compile(Map<RuleKey, Pattern> patterns, List<Bucket> added) {
        Map<RuleKey, IndexPlan> plans = new LinkedHashMap<>();
        patterns.forEach((key, pattern) -> plans.put(key, IndexPlan.of(pattern)));
        plans.values().forEach(census::add);
        List<LiveRule> rules = new ArrayList<>();
        patterns.forEach((key, pattern) -> {
            IndexPlan plan = plans.getOrDefault(key, IndexPlan.of(pattern));
            rules.add(compile(key, pattern, plan, added));
        });
        return rules;
    }

    private LiveRule compile(RuleKey key, Pattern pattern, IndexPlan plan, List<Bucket> added) {
        Equality second = census.secondHash(plan);
        Checks checks = new Checks(slots);
        List<Condition> rest = new ArrayList<>(plan.rest());
        int slot = Bucket.NO_SLOT;
        if (second != null) {
            slot = checks.acquire(second.field().path());
            rest.remove(second.field());
        }
        List<Bucket> lain = new ArrayList<>();
        for (Bucket.Place place : plan.places(second)) {
            lain.add(bucket(place, slot, added));
        }
        return new LiveRule(key, pattern, checks.each(rest), checks.paths(), List.copyOf(lain));
    }

    private Bucket bucket(Bucket.Place place, int slot, List<Bucket> added) {
        Bucket known = buckets.get(place);
        if (known != null) {
            return known;
        }
        Bucket bucket = new Bucket(place, slot, "b" + nextName++);
        buckets.put(place, bucket);
        added.add(bucket);
        return bucket;
    }
}
