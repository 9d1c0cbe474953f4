package io.helix.drools.situation;

import io.helix.api.situation.Hit;
import io.helix.api.situation.Situation.Sliding;
import io.helix.api.situation.Situation.Tumbling;
import java.math.BigDecimal;

/** Measures the hits of windows. */
final class Aggregates {
    private final WorkingMemory facts;
    private final Alarms alarms;
    private final Deadlines deadlines;
    private final Verdicts verdicts;

    Aggregates(WorkingMemory facts, Alarms alarms, Deadlines deadlines, Verdicts verdicts) {
        this.facts = facts;
        this.alarms = alarms;
        this.deadlines = deadlines;
        this.verdicts = verdicts;
    }

    void handle(RuleMemory memory, AggregatePlan plan, Arrival arrival) {
        Hit hit = arrival.hit();
        long time = hit.time().toEpochMilli();
        if (!plan.measures(hit) || plan.deadline(time) <= arrival.clock()) {
            return;
        }
        WindowLane lane = memory.windowLane(plan.laneId(hit.key(), time), hit.key());
        HitFact newest = lane.shelf(0).newest();
        if (newest == null || plan.end(time) > newest.time()) {
            add(new HitFact(lane, hit, 0, time, arrival.number()), lane, plan);
        }
    }

    private void open(WindowLane lane, AggregatePlan plan) {
        lane.handle = facts.insert(lane, lane.memory());
        if (plan.isDecidedAtEnd()) {
            deadlines.add(new Deadline.WindowEnd(lane));
        }
    }

    /** To be called when the plan is new. */
    void setTimes(HitFact fact, AggregatePlan plan) {
        alarms.set(fact.lane().shelf(0));
        if (plan.isDecidedAtEnd()
                && fact.lane() instanceof WindowLane lane
                && fact.equals(lane.shelf(0).oldest())) {
            deadlines.add(new Deadline.WindowEnd(lane));
        }
    }

    private void add(HitFact fact, WindowLane lane, AggregatePlan plan) {
        facts.insert(fact);
        lane.memory().keep(fact);
        if (lane.handle == null) {
            open(lane, plan);
        }
        alarms.set(lane.shelf(0));
        releaseOutrun(lane, plan);
        facts.fire();
        verdicts.checkSize(lane);
        switch (plan.situation().window()) {
            case Sliding sliding -> decideSliding(fact, lane, plan);
            case Tumbling tumbling -> decideTumbling(lane, plan);
        }
    }

    /** A window ends with its last hit, not with the clock. */
    private void releaseOutrun(WindowLane lane, AggregatePlan plan) {
        HitFact newest = lane.shelf(0).newest();
        for (HitFact oldest = lane.shelf(0).oldest();
                oldest != null && newest != null && plan.end(oldest.time()) <= newest.time();
                oldest = lane.shelf(0).oldest()) {
            release(oldest);
        }
    }

    private void decideSliding(HitFact fact, WindowLane lane, AggregatePlan plan) {
        if (plan.isReached(lane.value()) && !plan.isReached(lane.valueWithout(fact))) {
            propose(lane, plan);
        }
    }

    private void decideTumbling(WindowLane lane, AggregatePlan plan) {
        if (!plan.isDecidedAtEnd() && !lane.matched && plan.isReached(lane.value())) {
            lane.matched = propose(lane, plan);
        }
    }

    void decide(Deadline.WindowEnd deadline) {
        WindowLane lane = deadline.lane();
        AggregatePlan plan = (AggregatePlan) lane.plan();
        if (plan.isReached(lane.value())) {
            propose(lane, plan);
        }
        lane.shelf(0).forEach(this::release);
    }

    private boolean propose(WindowLane lane, AggregatePlan plan) {
        HitFact last = lane.shelf(0).newest();
        BigDecimal value = lane.value();
        return last != null && value != null && verdicts.accept(lane, plan.match(last, value, lane.size()));
    }

    private void close(Lane lane) {
        if (lane instanceof WindowLane window && window.size() == 0 && window.handle != null) {
            facts.delete(window.handle, window.memory());
            window.handle = null;
        }
    }

    void release(HitFact fact) {
        if (fact.isKept()) {
            facts.delete(fact);
            fact.lane().memory().forget(fact);
            close(fact.lane());
        }
    }
}
