package io.helix.drools.situation;

import static io.helix.drools.situation.Shape.atHome;
import static io.helix.drools.situation.Shape.inSlot;
import static org.drools.modelcompiler.dsl.pattern.D.betaIndexedBy;
import static org.drools.modelcompiler.dsl.pattern.D.declarationOf;
import static org.drools.modelcompiler.dsl.pattern.D.entryPoint;
import static org.drools.modelcompiler.dsl.pattern.D.exists;
import static org.drools.modelcompiler.dsl.pattern.D.not;
import static org.drools.modelcompiler.dsl.pattern.D.on;
import static org.drools.modelcompiler.dsl.pattern.D.pattern;
import static org.drools.modelcompiler.dsl.pattern.D.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.drools.model.Index.ConstraintType;
import org.drools.model.PatternDSL.PatternDef;
import org.drools.model.Rule;
import org.drools.model.RuleItemBuilder;
import org.drools.model.Variable;
import org.drools.model.consequences.ConsequenceImpl;
import org.drools.model.functions.Predicate2;
import org.drools.model.functions.Predicate3;

/**
 * Sequences. Hits in the roles that are present are joined in their order. A hit in an absent role between two of them
 * is a {@code not}. One in an absent role at the beginning or the end spoils the first or last hit for good, so that is
 * reported and the hit need not be kept.
 *
 * @param absent by slot
 * @param waits whether combinations are decided when their {@link Tick} comes, not with their last hit
 */
record SequenceShape(List<Boolean> absent, boolean waits) implements Shape {

    /** @param late whether hits may come late: then an absent one may still turn up when all others are there */
    static SequenceShape of(List<Boolean> absent, boolean late) {
        boolean endsAbsent = absent.get(absent.size() - 1);
        return new SequenceShape(List.copyOf(absent), endsAbsent || late && absent.contains(true));
    }

    int firstPresent() {
        return absent.indexOf(false);
    }

    int lastPresent() {
        return absent.lastIndexOf(false);
    }

    boolean endsAbsent() {
        return absent.get(absent.size() - 1);
    }

    /** Whether it is absent and between two that are not. */
    boolean isBetween(int slot) {
        return absent.get(slot) && slot > firstPresent() && slot < lastPresent();
    }

    int presentBefore(int slot) {
        return absent.subList(0, slot).lastIndexOf(false);
    }

    @Override
    public String name() {
        return absent.stream().map(step -> step ? "a" : "p").collect(Collectors.joining("", "sequence-", ""))
                + (waits ? "-waiting" : "");
    }

    @Override
    public List<Rule> rules(Collector collector) {
        List<Rule> rules = new ArrayList<>();
        rules.add(combinations(collector));
        IntStream.range(0, firstPresent()).forEach(slot -> rules.add(spoiltFirst(slot, collector)));
        IntStream.range(lastPresent() + 1, absent.size()).forEach(slot -> rules.add(spoiltLast(slot, collector)));
        return rules;
    }

    private Rule combinations(Collector collector) {
        List<RuleItemBuilder<?>> items = new ArrayList<>();
        List<Variable<HitFact>> present = new ArrayList<>();
        for (int slot = firstPresent(); slot <= lastPresent(); slot++) {
            if (!absent.get(slot)) {
                Variable<HitFact> next = hit(slot);
                items.add(joined(next, slot, present, collector));
                addAbsentBefore(next, slot, present, items, collector);
                present.add(next);
            }
        }
        if (waits) {
            items.add(tick(present.get(present.size() - 1)));
        }
        items.add(candidates(present, collector));
        return rule(PACKAGE, name()).build(items.toArray(RuleItemBuilder<?>[]::new));
    }

    private static PatternDef<HitFact> joined(
            Variable<HitFact> next, int slot, List<Variable<HitFact>> present, Collector collector) {
        PatternDef<HitFact> pattern = inSlot(next, slot);
        if (present.isEmpty()) {
            return pattern;
        }
        Variable<HitFact> first = present.get(0);
        Variable<HitFact> before = present.get(present.size() - 1);
        return atHome(pattern, first)
                .expr("follows", before, (Predicate2<HitFact, HitFact>)
                        (fact, previous) -> collector.tries() && plan(fact).follows(fact, previous))
                .expr("whole", first, (Predicate2<HitFact, HitFact>)
                        (fact, begin) -> plan(fact).inWhole(fact, begin));
    }

    private void addAbsentBefore(
            Variable<HitFact> next,
            int slot,
            List<Variable<HitFact>> present,
            List<RuleItemBuilder<?>> items,
            Collector collector) {
        for (int between = presentBefore(slot) + 1; between < slot && !present.isEmpty(); between++) {
            Variable<HitFact> before = present.get(present.size() - 1);
            items.add(not(atHome(inSlot(hit(between), between), next).expr("between", before, next, (Predicate3<
                            HitFact, HitFact, HitFact>)
                    (fact, previous, following) ->
                            collector.looks() && plan(fact).between(fact, previous, following))));
        }
    }

    private PatternDef<Tick> tick(Variable<HitFact> last) {
        return pattern(declarationOf(Tick.class, "tick", entryPoint(name())))
                .expr(
                        "last",
                        last,
                        (Predicate2<Tick, HitFact>) (tick, fact) -> tick.last().equals(fact),
                        betaIndexedBy(HitFact.class, ConstraintType.EQUAL, 0, Tick::last, (HitFact fact) -> fact));
    }

    private static RuleItemBuilder<?> candidates(List<Variable<HitFact>> present, Collector collector) {
        Variable<?>[] variables = present.toArray(Variable<?>[]::new);
        return () -> new ConsequenceImpl(collector::candidate, variables, false, false, "java");
    }

    private Rule spoiltFirst(int slot, Collector collector) {
        Variable<HitFact> first = hit(firstPresent());
        return rule(PACKAGE, name() + "-spoilt-" + slot)
                .build(
                        inSlot(first, firstPresent()),
                        exists(atHome(inSlot(hit(slot), slot), first).expr("spoils", first, (Predicate2<
                                        HitFact, HitFact>)
                                (fact, spoilt) ->
                                        collector.looks() && plan(fact).spoilsFirst(fact, spoilt))),
                        on(first).execute(collector::spoilt));
    }

    private Rule spoiltLast(int slot, Collector collector) {
        Variable<HitFact> last = hit(lastPresent());
        return rule(PACKAGE, name() + "-spoilt-" + slot)
                .build(
                        inSlot(last, lastPresent()),
                        exists(atHome(inSlot(hit(slot), slot), last).expr("spoils", last, (Predicate2<HitFact, HitFact>)
                                (fact, spoilt) ->
                                        collector.looks() && plan(fact).spoilsLast(fact, spoilt))),
                        on(last).execute(collector::spoilt));
    }

    private static SequencePlan plan(HitFact fact) {
        return (SequencePlan) fact.plan();
    }

    @Override
    public List<Object> sentinels(Place place) {
        RuleMemory memory = RuleMemory.barren(SequencePlan.barren(this), place);
        List<Object> sentinels = new ArrayList<>();
        IntStream.range(0, absent.size()).forEach(slot -> sentinels.add(memory.sentinel(slot)));
        if (waits) {
            sentinels.add(new Tick(memory.sentinel(lastPresent())));
        }
        return sentinels;
    }
}
