package io.helix.drools;

import static org.drools.modelcompiler.dsl.pattern.D.alphaIndexedBy;
import static org.drools.modelcompiler.dsl.pattern.D.declarationOf;
import static org.drools.modelcompiler.dsl.pattern.D.execute;
import static org.drools.modelcompiler.dsl.pattern.D.pattern;
import static org.drools.modelcompiler.dsl.pattern.D.rule;

import java.util.Collection;
import java.util.List;
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
import org.drools.model.functions.Function1;
import org.drools.model.functions.Predicate1;
import org.drools.model.impl.ModelImpl;
import org.drools.modelcompiler.KiePackagesBuilder;
import org.jspecify.annotations.Nullable;
import org.kie.api.KieBaseConfiguration;
import org.kie.api.definition.KiePackage;

/**
 * Alpha nodes of Drools, without a session, that lead to buckets: a hashed node for the type, and below some types
 * hashed nodes for the values at a path.
 */
final class AlphaNodes {
    private static final String PACKAGE = "helix";
    private static final int TYPE_INDEX = 0;
    private static final Variable<View> EVENT = declarationOf(View.class, "event");

    private final KieBaseConfiguration configuration = RuleBaseFactory.newKnowledgeBaseConfiguration();
    private final InternalKnowledgeBase base;
    private @Nullable ObjectTypeNode root;

    AlphaNodes(String profile) {
        this.base = KnowledgeBaseFactory.newKnowledgeBase("helix-alpha-" + profile, configuration);
    }

    /** Shows the probe to every bucket that its event leads to. */
    void propagate(Probe probe) {
        if (root != null) {
            root.getObjectSinkPropagator().propagateAssertObject(probe, null, null);
        }
    }

    /** The slow part of adding buckets, which changes nothing yet. */
    Collection<KiePackage> compile(Collection<Bucket> buckets) {
        ModelImpl model = new ModelImpl();
        buckets.forEach(bucket -> model.addRule(droolsRule(bucket)));
        KiePackagesBuilder builder = new KiePackagesBuilder(configuration);
        builder.addModel(model);
        return List.copyOf(builder.build().getKiePackages());
    }

    void change(Collection<Bucket> leaving, Collection<KiePackage> coming) {
        leaving.forEach(bucket -> base.removeRule(PACKAGE, bucket.name()));
        base.addPackages(coming);
        root = base.getRete().getObjectTypeNodes(EntryPointId.DEFAULT).get(new ClassObjectType(View.class));
    }

    int ruleCount() {
        KiePackage all = base.getPackage(PACKAGE);
        return all == null ? 0 : all.getRules().size();
    }

    int sinkCount() {
        return root == null ? 0 : root.getObjectSinkPropagator().size();
    }

    private static Rule droolsRule(Bucket bucket) {
        PatternDef<View> definition = pattern(EVENT);
        String type = bucket.place().type();
        if (type != null) {
            equality(definition, TYPE_INDEX, View::typeKey, type);
        }
        HashKey key = bucket.place().key();
        if (key != null) {
            secondHash(definition, bucket.slot(), key);
        }
        return rule(PACKAGE, bucket.name()).metadata(HitNode.BUCKET, bucket).build(definition, execute(() -> {}));
    }

    /** Strings and numbers have an index each, so that "5" and 5 never meet. */
    private static void secondHash(PatternDef<View> definition, int slot, HashKey key) {
        if (key.isText()) {
            equality(definition, slot * 2 + 1, view -> view.textKey(slot), key.value());
        } else {
            equality(definition, slot * 2 + 2, view -> view.numberKey(slot), key.value());
        }
    }

    /** Expression ids are canonical: equal ids share a node, and unequal ids for one value would lose a rule. */
    private static void equality(
            PatternDef<View> definition, int index, Function1<View, @Nullable String> extractor, String wanted) {
        definition.expr(
                index + "|" + wanted,
                (Predicate1<View>) view -> wanted.equals(extractor.apply(view)),
                alphaIndexedBy(String.class, ConstraintType.EQUAL, index, extractor, wanted));
    }
}
