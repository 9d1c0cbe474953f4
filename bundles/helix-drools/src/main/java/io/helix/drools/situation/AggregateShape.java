package io.helix.drools.situation;

import static io.helix.drools.situation.Shape.inSlot;
import static org.drools.modelcompiler.dsl.pattern.D.accFunction;
import static org.drools.modelcompiler.dsl.pattern.D.accumulate;
import static org.drools.modelcompiler.dsl.pattern.D.betaIndexedBy;
import static org.drools.modelcompiler.dsl.pattern.D.declarationOf;
import static org.drools.modelcompiler.dsl.pattern.D.entryPoint;
import static org.drools.modelcompiler.dsl.pattern.D.on;
import static org.drools.modelcompiler.dsl.pattern.D.pattern;
import static org.drools.modelcompiler.dsl.pattern.D.rule;

import java.util.List;
import org.drools.model.Index.ConstraintType;
import org.drools.model.PatternDSL.PatternDef;
import org.drools.model.Rule;
import org.drools.model.Variable;
import org.drools.model.functions.Predicate2;

/** The measure of the hits of each lane. */
record AggregateShape() implements Shape {
    @Override
    public String name() {
        return "aggregate";
    }

    @Override
    public List<Rule> rules(Collector collector) {
        Variable<WindowLane> lane = declarationOf(WindowLane.class, "lane", entryPoint(name()));
        Variable<HitFact> hit = hit(0);
        Variable<TallyFunction.Holder> tally = declarationOf(TallyFunction.Holder.class, "tally");
        PatternDef<HitFact> hits = inSlot(hit, 0)
                .expr(
                        "lane",
                        lane,
                        (Predicate2<HitFact, WindowLane>) (fact, own) -> fact.lane() == own,
                        betaIndexedBy(Lane.class, ConstraintType.EQUAL, 0, HitFact::lane, (WindowLane own) -> own));
        return List.of(rule(PACKAGE, name())
                .build(
                        pattern(lane),
                        accumulate(hits, accFunction(TallyFunction::new, hit).as(tally)),
                        on(lane, tally).execute(WindowLane::measured)));
    }

    @Override
    public List<Object> sentinels(Place place) {
        return List.of();
    }
}
