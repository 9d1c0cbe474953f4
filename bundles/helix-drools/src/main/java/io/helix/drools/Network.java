package io.helix.drools;

import static org.drools.modelcompiler.dsl.pattern.D.alphaIndexedBy;
import static org.drools.modelcompiler.dsl.pattern.D.declarationOf;
import static org.drools.modelcompiler.dsl.pattern.D.execute;
import static org.drools.modelcompiler.dsl.pattern.D.pattern;
import static org.drools.modelcompiler.dsl.pattern.D.rule;

import io.helix.api.event.Event;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.RuleKey;
import io.helix.drools.IndexPlan.Equality;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.StampedLock;
import org.drools.base.base.ClassObjectType;
import org.drools.base.rule.EntryPointId;
import org.drools.core.impl.RuleBaseFactory;
import org.drools.core.reteoo.ObjectTypeNode;
import org.drools.kiesession.rulebase.InternalKnowledgeBase;
import org.drools.kiesession.rulebase.KnowledgeBaseFactory;
import org.drools.model.Index.ConstraintType;
import org.drools.model.PatternDSL.PatternDef;
import org.drools.model.Rule;
import org.drools.model.Variable;
import org.drools.model.functions.Predicate1;
import org.drools.model.impl.ModelImpl;
import org.drools.modelcompiler.KiePackagesBuilder;
import org.jspecify.annotations.Nullable;
import org.kie.api.KieBaseConfiguration;

/**
 * The live rules of one profile as an alpha network of Drools, without a session: nothing is kept from event to event,
 * so any number of threads may read it at once. Changes exclude readers.
 *
 * <p>A rule hangs below a hashed node for its event type. Where a type has many rules, or a rule has no type, a second
 * hashed node for one more equality comes between. A network per profile keeps the rules of one tenant from slowing
 * down another.
 */
final class Network {
    /** Up to here looking at the rules of a type one by one is faster than a second hash. */
    static final int CROWDED = 16;

    private static final String PACKAGE = "helix";
    private static final int TYPE_INDEX = 0;
    private static final Variable<View> EVENT = declarationOf(View.class, "event");

    private final StampedLock lock = new StampedLock();
    private final KieBaseConfiguration configuration = RuleBaseFactory.newKnowledgeBaseConfiguration();
    private final InternalKnowledgeBase base;
    private final Slots slots = new Slots();
    private final Census census = new Census();
    private final ProbePool probes = new ProbePool(() -> new Probe(slots));
    private final Map<RuleKey, LiveRule> live = new HashMap<>();
    private final Map<Integer, Map<RuleKey, LiveRule>> indexedBySlot = new HashMap<>();
    private long nextName;
    private @Nullable ObjectTypeNode root;

    Network(String profile) {
        this.base = KnowledgeBaseFactory.newKnowledgeBase("helix-alpha-" + profile, configuration);
    }

    List<RuleKey> match(Event event) {
        Probe probe = probes.take();
        long stamp = lock.readLock();
        try {
            probe.open(event);
            if (root != null) {
                root.getObjectSinkPropagator().propagateAssertObject(probe, null, null);
            }
            checkDeferred(probe);
            return probe.close();
        } finally {
            lock.unlockRead(stamp);
            probes.give(probe);
        }
    }

    private void checkDeferred(Probe probe) {
        View view = probe.view();
        for (int i = 0; i < view.deferredCount(); i++) {
            indexedBySlot.getOrDefault(view.deferred(i), Map.of()).values().forEach(probe::checkWhole);
        }
    }

    void put(Map<RuleKey, Pattern> patterns) {
        Map<RuleKey, IndexPlan> plans = new LinkedHashMap<>();
        patterns.forEach((key, pattern) -> plans.put(key, IndexPlan.of(pattern)));
        long stamp = lock.writeLock();
        try {
            plans.keySet().removeIf(key -> unchanged(key, patterns));
            plans.keySet().forEach(this::drop);
            plans.values().forEach(census::add);
            ModelImpl model = new ModelImpl();
            plans.forEach((key, plan) -> add(key, patterns, plan, model));
            KiePackagesBuilder builder = new KiePackagesBuilder(configuration);
            builder.addModel(model);
            base.addPackages(builder.build().getKiePackages());
            findRoot();
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    private boolean unchanged(RuleKey key, Map<RuleKey, Pattern> patterns) {
        LiveRule before = live.get(key);
        return before != null && before.pattern().equals(patterns.get(key));
    }

    void remove(Collection<RuleKey> keys) {
        long stamp = lock.writeLock();
        try {
            keys.forEach(this::drop);
            findRoot();
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    int size() {
        long stamp = lock.readLock();
        try {
            return live.size();
        } finally {
            lock.unlockRead(stamp);
        }
    }

    private void drop(RuleKey key) {
        LiveRule rule = live.remove(key);
        if (rule == null) {
            return;
        }
        rule.names().forEach(name -> base.removeRule(PACKAGE, name));
        census.remove(IndexPlan.of(rule.pattern()));
        Map<RuleKey, LiveRule> indexed = indexedBySlot.get(rule.indexSlot());
        if (indexed != null && indexed.remove(key) != null && indexed.isEmpty()) {
            indexedBySlot.remove(rule.indexSlot());
        }
        slots.release(rule.paths());
    }

    private void add(RuleKey key, Map<RuleKey, Pattern> patterns, IndexPlan plan, ModelImpl model) {
        Pattern written = patterns.get(key);
        if (written == null) {
            return;
        }
        Equality second = census.crowded(plan, CROWDED) ? census.mostTelling(plan) : null;
        Checks checks = new Checks(slots);
        int indexSlot = -1;
        if (second != null) {
            indexSlot = slots.acquire(second.field().path());
            checks.paths().add(second.field().path());
        }
        List<io.helix.api.rule.Condition> rest = new ArrayList<>(plan.rest());
        if (second != null) {
            rest.remove(second.field());
        }
        List<String> types = plan.types().isEmpty() ? List.of("") : List.copyOf(plan.types());
        List<String> names = types.stream().map(type -> "r" + nextName++).toList();
        LiveRule rule = new LiveRule(
                key, written, checks.all(rest), checks.compile(written.root()), indexSlot, checks.paths(), names);
        live.put(key, rule);
        if (second != null) {
            indexedBySlot
                    .computeIfAbsent(indexSlot, slot -> new LinkedHashMap<>())
                    .put(key, rule);
        }
        for (int i = 0; i < names.size(); i++) {
            model.addRule(droolsRule(names.get(i), types.get(i), second, rule));
        }
    }

    private static Rule droolsRule(String name, String type, @Nullable Equality second, LiveRule live) {
        PatternDef<View> definition = pattern(EVENT);
        if (!type.isEmpty()) {
            typeNode(definition, type);
        }
        if (second != null) {
            equalityNode(definition, second, live.indexSlot());
        }
        return rule(PACKAGE, name).metadata(HitNode.RULE, live).build(definition, execute(() -> {}));
    }

    /** Expression ids are canonical: equal ids share a node, and unequal ids for one value would lose a rule. */
    private static void typeNode(PatternDef<View> definition, String type) {
        definition.expr(
                "type|EQ|S|" + type,
                (Predicate1<View>) view -> type.equals(view.typeKey()),
                alphaIndexedBy(String.class, ConstraintType.EQUAL, TYPE_INDEX, View::typeKey, type));
    }

    /** Strings and numbers have an index each, so that "5" and 5 never meet. */
    private static void equalityNode(PatternDef<View> definition, Equality equality, int slot) {
        String key = equality.key();
        String path = String.join("|", equality.field().path());
        if (equality.isText()) {
            definition.expr(
                    path + "|EQ|S|" + key,
                    (Predicate1<View>) view -> key.equals(view.textKey(slot)),
                    alphaIndexedBy(String.class, ConstraintType.EQUAL, slot * 2 + 1, view -> view.textKey(slot), key));
        } else {
            definition.expr(
                    path + "|EQ|N|" + key,
                    (Predicate1<View>) view -> key.equals(view.numberKey(slot)),
                    alphaIndexedBy(
                            String.class, ConstraintType.EQUAL, slot * 2 + 2, view -> view.numberKey(slot), key));
        }
    }

    private void findRoot() {
        root = base.getRete().getObjectTypeNodes(EntryPointId.DEFAULT).get(new ClassObjectType(View.class));
    }
}
