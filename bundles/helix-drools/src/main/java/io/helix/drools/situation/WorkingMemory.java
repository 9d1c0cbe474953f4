package io.helix.drools.situation;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.drools.base.base.ClassObjectType;
import org.drools.base.rule.EntryPointId;
import org.drools.core.common.Memory;
import org.drools.core.common.NodeMemories;
import org.drools.core.common.PhreakPropagationContext;
import org.drools.core.common.PropagationContext;
import org.drools.core.impl.RuleBaseFactory;
import org.drools.core.reteoo.AccumulateNode.AccumulateMemory;
import org.drools.core.reteoo.BetaMemory;
import org.drools.core.reteoo.ObjectTypeNode;
import org.drools.kiesession.rulebase.InternalKnowledgeBase;
import org.drools.kiesession.rulebase.KnowledgeBaseFactory;
import org.drools.kiesession.session.StatefulKnowledgeSessionImpl;
import org.drools.model.Rule;
import org.drools.model.impl.ModelImpl;
import org.drools.modelcompiler.KiePackagesBuilder;
import org.jspecify.annotations.Nullable;
import org.kie.api.KieBaseConfiguration;
import org.kie.api.runtime.KieSessionConfiguration;
import org.kie.api.runtime.conf.ClockTypeOption;
import org.kie.api.runtime.rule.FactHandle;

/** A session of Drools. Shapes are added when their first hit comes. */
final class WorkingMemory implements AutoCloseable {
    private final KieBaseConfiguration configuration = RuleBaseFactory.newKnowledgeBaseConfiguration();
    private final InternalKnowledgeBase base = KnowledgeBaseFactory.newKnowledgeBase("helix", configuration);
    private final Map<Shape, Place> places = new HashMap<>();
    private final Collector collector;
    private final StatefulKnowledgeSessionImpl session;
    private final PropagationContext insertion = context(PropagationContext.Type.INSERTION);
    private final PropagationContext deletion = context(PropagationContext.Type.DELETION);
    private long hits;
    private long permanent;
    private boolean unsettled;
    private boolean unfired;

    WorkingMemory(Collector collector) {
        this.collector = collector;
        KieSessionConfiguration sessions = RuleBaseFactory.newKnowledgeSessionConfiguration();
        sessions.setOption(ClockTypeOption.PSEUDO);
        session = (StatefulKnowledgeSessionImpl) base.newKieSession(sessions, null);
    }

    Place place(Shape shape) {
        Place known = places.get(shape);
        return known == null ? add(shape) : known;
    }

    private Place add(Shape shape) {
        ModelImpl model = new ModelImpl();
        for (Rule rule : shape.rules(collector)) {
            model.addRule(rule);
        }
        KiePackagesBuilder builder = new KiePackagesBuilder(configuration);
        builder.addModel(model);
        base.addPackages(builder.build().getKiePackages());
        EntryPointId id = new EntryPointId(shape.name());
        ObjectTypeNode node = base.getRete().getObjectTypeNodes(id).get(new ClassObjectType(HitFact.class));
        Place place = new Place(session.getEntryPoint(shape.name()), Objects.requireNonNull(node), new Foresight());
        places.put(shape, place);
        Set<BetaMemory<?>> others = betaMemories().collect(Collectors.toSet());
        addSentinels(shape, place);
        betaMemories().filter(memory -> !others.contains(memory)).forEach(place.foresight()::watch);
        return place;
    }

    private void addSentinels(Shape shape, Place place) {
        long tuplesBefore = tuples();
        long hitsBefore = hits;
        for (Object sentinel : shape.sentinels(place)) {
            if (sentinel instanceof HitFact fact) {
                insert(fact);
            } else {
                place.entryPoint().insert(sentinel);
            }
        }
        fire();
        permanent += tuples() - tuplesBefore;
        hits = hitsBefore;
    }

    /** What an entry point does, less the bookkeeping by which it finds a handle for an object. */
    void insert(HitFact fact) {
        settle();
        fact.setKept(true);
        hits++;
        fact.memory().place().hits().propagateAssert(fact, insertion, session);
    }

    void delete(HitFact fact) {
        if (fact.isKept()) {
            fact.setKept(false);
            hits--;
            fact.memory().place().hits().retractObject(fact, deletion, session);
            unsettled |= fact.plan().isLookedForAgain(fact);
            unfired = true;
        }
    }

    FactHandle insert(Object fact, RuleMemory memory) {
        settle();
        return memory.place().entryPoint().insert(fact);
    }

    void delete(FactHandle handle, RuleMemory memory) {
        unfired = true;
        memory.place().entryPoint().delete(handle);
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

    /** Reads ahead what was expected. */
    void foresee() {
        places.values().forEach(place -> place.foresight().look());
    }

    /** How many hits are kept. */
    long hits() {
        return hits;
    }

    /** How much Drools has in its memory because of hits. */
    long size() {
        return hits + tuples() - permanent;
    }

    private long tuples() {
        return betaMemories()
                .mapToLong(memory -> memory.getLeftTupleMemory().size()
                        + memory.getRightTupleMemory().size())
                .sum();
    }

    private Stream<BetaMemory<?>> betaMemories() {
        NodeMemories memories = session.getNodeMemories();
        return IntStream.range(0, memories.length())
                .mapToObj(memories::peekNodeMemory)
                .flatMap(WorkingMemory::betaMemory);
    }

    private static Stream<BetaMemory<?>> betaMemory(@Nullable Memory memory) {
        return switch (memory) {
            case BetaMemory<?> beta -> Stream.of(beta);
            case AccumulateMemory accumulate -> Stream.of(accumulate.getBetaMemory());
            case null, default -> Stream.empty();
        };
    }

    private static PropagationContext context(PropagationContext.Type type) {
        return new PhreakPropagationContext(0, type, null, null, null);
    }

    @Override
    public void close() {
        session.dispose();
    }
}
