package io.helix.drools.situation;

import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.kie.api.runtime.rule.FactHandle;

/** Finds combinations of hits. */
final class Joins {
    /** Those whose hits have waited longest first. */
    private static final Comparator<HitFact[]> LONGEST_WAITING =
            Comparator.comparing(Joins::byAge, (one, other) -> Arrays.compare(one, other, HitFact.BY_AGE));

    private final WorkingMemory facts;
    private final Collector collector;
    private final Alarms alarms;
    private final Deadlines deadlines;
    private final Verdicts verdicts;

    Joins(WorkingMemory facts, Collector collector, Alarms alarms, Deadlines deadlines, Verdicts verdicts) {
        this.facts = facts;
        this.collector = collector;
        this.alarms = alarms;
        this.deadlines = deadlines;
        this.verdicts = verdicts;
    }

    void handle(RuleMemory memory, JoinPlan plan, int slot, Arrival arrival) {
        Hit hit = arrival.hit();
        HitFact fact = new HitFact(memory, hit, slot, hit.time().toEpochMilli(), arrival.number());
        facts.insert(fact);
        memory.keep(fact);
        setTimes(fact, plan);
        lookFor(fact);
        decide(plan, fact);
    }

    /** To be called when the fact or the plan is new. */
    void setTimes(HitFact fact, JoinPlan plan) {
        if (plan.isDecidedLater(fact)) {
            deadlines.add(new Deadline.Sequence(fact));
        } else {
            alarms.set(fact.memory().shelf(fact.slot()));
        }
    }

    void decide(Deadline.Sequence deadline) {
        HitFact last = deadline.last();
        JoinPlan plan = (JoinPlan) last.plan();
        FactHandle tick = facts.insert(new Tick(last), last.memory());
        lookFor(last);
        facts.delete(tick, last.memory());
        decide(plan, last);
        release(last);
    }

    private void lookFor(HitFact because) {
        collector.begin(because);
        facts.fire();
        collector.spoilt().forEach(this::release);
    }

    private void decide(JoinPlan plan, HitFact because) {
        if (collector.isExhausted()) {
            verdicts.tooManyCandidates(because.memory(), because.key());
            return;
        }
        for (HitFact[] hits : longestWaitingFirst(collector.candidates())) {
            Match match = plan.match(hits);
            if (areKept(hits) && verdicts.accept(because.memory(), match)) {
                useUp(hits);
            }
        }
    }

    private static List<HitFact[]> longestWaitingFirst(List<HitFact[]> candidates) {
        return candidates.size() < 2
                ? candidates
                : candidates.stream().sorted(LONGEST_WAITING).toList();
    }

    private static boolean areKept(HitFact[] hits) {
        for (HitFact hit : hits) {
            if (!hit.isKept()) {
                return false;
            }
        }
        return true;
    }

    private void useUp(HitFact[] hits) {
        for (HitFact hit : hits) {
            release(hit);
        }
    }

    private static HitFact[] byAge(HitFact[] hits) {
        HitFact[] sorted = hits.clone();
        Arrays.sort(sorted, HitFact.BY_AGE);
        return sorted;
    }

    void release(HitFact fact) {
        if (fact.isKept()) {
            facts.delete(fact);
            fact.memory().forget(fact);
            if (((JoinPlan) fact.plan()).isDecidedLater(fact)) {
                deadlines.drop();
            }
        }
    }
}
