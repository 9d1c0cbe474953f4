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
        Lane lane = memory.lane(hit.key());
        HitFact fact = new HitFact(lane, hit, slot, hit.time().toEpochMilli(), arrival.number());
        facts.insert(fact);
        memory.keep(fact);
        verdicts.checkSize(lane);
        setTimes(fact, plan);
        lookFor(fact);
        decide(plan, lane);
    }

    /** To be called when the fact or the plan is new. */
    void setTimes(HitFact fact, JoinPlan plan) {
        if (plan.isDecidedLater(fact)) {
            deadlines.add(new Deadline.Sequence(fact));
        } else {
            alarms.set(fact.lane().shelf(fact.slot()));
        }
    }

    void decide(Deadline.Sequence deadline) {
        HitFact last = deadline.last();
        JoinPlan plan = (JoinPlan) last.lane().plan();
        FactHandle tick = facts.insert(new Tick(last), last.lane().memory());
        lookFor(last);
        facts.delete(tick, last.lane().memory());
        decide(plan, last.lane());
        release(last);
    }

    private void lookFor(HitFact because) {
        collector.begin(because);
        facts.fire();
        collector.spoilt().forEach(this::release);
    }

    private void decide(JoinPlan plan, Lane lane) {
        if (collector.isExhausted()) {
            verdicts.tooManyCandidates(lane);
            return;
        }
        for (HitFact[] hits : longestWaitingFirst(collector.candidates())) {
            Match match = plan.match(hits);
            if (areKept(hits) && verdicts.accept(lane, match)) {
                Arrays.stream(hits).forEach(this::release);
            }
        }
    }

    private static List<HitFact[]> longestWaitingFirst(List<HitFact[]> candidates) {
        return candidates.size() < 2
                ? candidates
                : candidates.stream().sorted(LONGEST_WAITING).toList();
    }

    private static boolean areKept(HitFact[] hits) {
        return Arrays.stream(hits).allMatch(HitFact::isKept);
    }

    private static HitFact[] byAge(HitFact[] hits) {
        HitFact[] sorted = hits.clone();
        Arrays.sort(sorted, HitFact.BY_AGE);
        return sorted;
    }

    void release(HitFact fact) {
        if (fact.isKept()) {
            facts.delete(fact);
            fact.lane().memory().forget(fact);
        }
    }
}
