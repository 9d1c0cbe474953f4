package io.helix.drools.situation;

import java.util.HashMap;
import java.util.Map;
import org.drools.core.impl.RuleBaseFactory;
import org.drools.kiesession.rulebase.InternalKnowledgeBase;
import org.drools.kiesession.rulebase.KnowledgeBaseFactory;
import org.drools.model.Rule;
import org.drools.model.impl.ModelImpl;
import org.drools.modelcompiler.KiePackagesBuilder;
import org.kie.api.KieBaseConfiguration;
import org.kie.api.runtime.KieSession;
import org.kie.api.runtime.KieSessionConfiguration;
import org.kie.api.runtime.conf.ClockTypeOption;
import org.kie.api.runtime.rule.EntryPoint;
import org.kie.api.runtime.rule.FactHandle;

/** A session of Drools. Shapes are added when their first hit comes. */
final class WorkingMemory implements AutoCloseable {
    private final KieBaseConfiguration configuration = RuleBaseFactory.newKnowledgeBaseConfiguration();
    private final InternalKnowledgeBase base = KnowledgeBaseFactory.newKnowledgeBase("helix", configuration);
    private final Map<Shape, EntryPoint> entryPoints = new HashMap<>();
    private final Collector collector;
    private final KieSession session;
    private long sentinels;
    private boolean unsettled;
    private boolean unfired;

    WorkingMemory(Collector collector) {
        this.collector = collector;
        KieSessionConfiguration sessions = RuleBaseFactory.newKnowledgeSessionConfiguration();
        sessions.setOption(ClockTypeOption.PSEUDO);
        session = base.newKieSession(sessions, null);
    }

    EntryPoint entryPoint(Shape shape) {
        EntryPoint known = entryPoints.get(shape);
        return known == null ? add(shape) : known;
    }

    private EntryPoint add(Shape shape) {
        ModelImpl model = new ModelImpl();
        for (Rule rule : shape.rules(collector)) {
            model.addRule(rule);
        }
        KiePackagesBuilder builder = new KiePackagesBuilder(configuration);
        builder.addModel(model);
        base.addPackages(builder.build().getKiePackages());
        EntryPoint entryPoint = session.getEntryPoint(shape.name());
        entryPoints.put(shape, entryPoint);
        for (Object sentinel : shape.sentinels()) {
            entryPoint.insert(sentinel);
            sentinels++;
        }
        session.fireAllRules();
        return entryPoint;
    }

    void insert(HitFact fact) {
        settle();
        fact.handle = fact.lane().memory().place().insert(fact);
    }

    void delete(HitFact fact) {
        if (fact.handle != null) {
            fact.lane().memory().place().delete(fact.handle);
            fact.handle = null;
            unsettled |= fact.lane().plan().isLookedForAgain(fact);
            unfired = true;
        }
    }

    FactHandle insert(Object fact, RuleMemory memory) {
        settle();
        return memory.place().insert(fact);
    }

    void delete(FactHandle handle, RuleMemory memory) {
        unfired = true;
        memory.place().delete(handle);
    }

    /** Lets Drools forget what was deleted. */
    void clean() {
        if (unfired) {
            fire();
        }
    }

    /** What deleted hits leave behind is not part of the work for the next hit. */
    private void settle() {
        if (unsettled) {
            fire();
        }
    }

    void fire() {
        session.fireAllRules();
        unsettled = false;
        unfired = false;
    }

    /** Without the facts that are always there. */
    long facts() {
        return entryPoints.values().stream().mapToLong(EntryPoint::getFactCount).sum() - sentinels;
    }

    @Override
    public void close() {
        session.dispose();
    }
}
