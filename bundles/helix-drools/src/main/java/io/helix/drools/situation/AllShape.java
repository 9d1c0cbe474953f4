package io.helix.drools.situation;

import static io.helix.drools.situation.Shape.atHome;
import static io.helix.drools.situation.Shape.inSlot;
import static org.drools.modelcompiler.dsl.pattern.D.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.drools.model.PatternDSL.PatternDef;
import org.drools.model.Rule;
import org.drools.model.RuleItemBuilder;
import org.drools.model.Variable;
import org.drools.model.consequences.ConsequenceImpl;
import org.drools.model.functions.Predicate2;

/** So many hits in any order: each is joined with all before it. */
record AllShape(int size) implements Shape {
    @Override
    public String name() {
        return "all-" + size;
    }

    @Override
    public List<Rule> rules(Collector collector) {
        List<RuleItemBuilder<?>> items = new ArrayList<>();
        List<Variable<HitFact>> hits = new ArrayList<>();
        for (int slot = 0; slot < size; slot++) {
            Variable<HitFact> next = hit(slot);
            items.add(joined(next, slot, hits, collector));
            hits.add(next);
        }
        Variable<?>[] variables = hits.toArray(Variable<?>[]::new);
        items.add(() -> new ConsequenceImpl(collector::candidate, variables, false, false, "java"));
        return List.of(rule(PACKAGE, name()).build(items.toArray(RuleItemBuilder<?>[]::new)));
    }

    private static PatternDef<HitFact> joined(
            Variable<HitFact> next, int slot, List<Variable<HitFact>> before, Collector collector) {
        PatternDef<HitFact> pattern = inSlot(next, slot);
        if (before.isEmpty()) {
            return pattern;
        }
        atHome(pattern, before.get(0));
        pattern.expr("together|0", before.get(0), (Predicate2<HitFact, HitFact>)
                (fact, other) -> collector.tries() && plan(fact).together(fact, other));
        for (int i = 1; i < before.size(); i++) {
            pattern.expr("together|" + i, before.get(i), (Predicate2<HitFact, HitFact>)
                    (fact, other) -> plan(fact).together(fact, other));
        }
        return pattern;
    }

    private static AllPlan plan(HitFact fact) {
        return (AllPlan) fact.plan();
    }

    @Override
    public List<Object> sentinels(Place place) {
        RuleMemory memory = RuleMemory.barren(AllPlan.barren(size), place);
        return IntStream.range(0, size).<Object>mapToObj(memory::sentinel).toList();
    }
}
