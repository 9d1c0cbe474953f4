package io.helix.drools.situation;

import static org.drools.modelcompiler.dsl.pattern.D.alphaIndexedBy;
import static org.drools.modelcompiler.dsl.pattern.D.betaIndexedBy;
import static org.drools.modelcompiler.dsl.pattern.D.declarationOf;
import static org.drools.modelcompiler.dsl.pattern.D.entryPoint;
import static org.drools.modelcompiler.dsl.pattern.D.pattern;

import java.util.List;
import org.drools.model.Index.ConstraintType;
import org.drools.model.PatternDSL.PatternDef;
import org.drools.model.Rule;
import org.drools.model.Variable;
import org.drools.model.functions.Predicate1;
import org.drools.model.functions.Predicate2;

/**
 * What situations have in common that differ only in aliases and lengths of time. Their hits have an entry point of
 * their own, so that a new shape does not make Drools go through the hits of the others.
 */
sealed interface Shape permits SequenceShape, AllShape, AggregateShape {
    /** The package of all rules; Drools is slow with many. */
    String PACKAGE = "helix";

    /** Also the name of the entry point. */
    String name();

    List<Rule> rules(Collector collector);

    /**
     * Facts that make nothing. Drools puts work off until a rule has facts for all of its patterns; with these it never
     * does, so that the work that is counted for a hit does not depend on the hits of others.
     */
    List<Object> sentinels(Place place);

    default Variable<HitFact> hit(int slot) {
        return declarationOf(HitFact.class, "hit" + slot, entryPoint(name()));
    }

    /** Expression ids are canonical: patterns with equal ones share nodes. */
    static PatternDef<HitFact> inSlot(Variable<HitFact> hit, int slot) {
        return pattern(hit)
                .expr(
                        "slot|" + slot,
                        (Predicate1<HitFact>) fact -> fact.slot() == slot,
                        alphaIndexedBy(Integer.class, ConstraintType.EQUAL, 0, HitFact::slot, slot));
    }

    static PatternDef<HitFact> atHome(PatternDef<HitFact> pattern, Variable<HitFact> other) {
        return pattern.expr(
                        "home",
                        other,
                        (Predicate2<HitFact, HitFact>) (fact, joined) -> fact.home() == joined.home(),
                        betaIndexedBy(Home.class, ConstraintType.EQUAL, 0, HitFact::home, HitFact::home))
                .expr(
                        "key",
                        other,
                        (Predicate2<HitFact, HitFact>)
                                (fact, joined) -> fact.key().equals(joined.key()),
                        betaIndexedBy(String.class, ConstraintType.EQUAL, 1, HitFact::key, HitFact::key));
    }
}
