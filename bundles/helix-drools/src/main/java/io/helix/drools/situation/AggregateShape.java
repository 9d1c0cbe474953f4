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

/** The measure of the hits of each window. */
record AggregateShape() implements Shape {
    @Override
    public String name() {
        return "aggregate";
    }

    @Override
    public List<Rule> rules(Collector collector) {
        Variable<OpenWindow> window = declarationOf(OpenWindow.class, "window", entryPoint(name()));
        Variable<HitFact> hit = hit(0);
        Variable<TallyFunction.Holder> tally = declarationOf(TallyFunction.Holder.class, "tally");
        PatternDef<HitFact> hits = inSlot(hit, 0)
                .expr(
                        "window",
                        window,
                        (Predicate2<HitFact, OpenWindow>) (fact, own) -> fact.home() == own,
                        betaIndexedBy(Home.class, ConstraintType.EQUAL, 0, HitFact::home, (OpenWindow own) -> own));
        return List.of(rule(PACKAGE, name())
                .build(
                        pattern(window),
                        accumulate(hits, accFunction(TallyFunction::new, hit).as(tally)),
                        on(window, tally).execute(OpenWindow::measured)));
    }

    @Override
    public List<Object> sentinels(Place place) {
        return List.of();
    }
}
