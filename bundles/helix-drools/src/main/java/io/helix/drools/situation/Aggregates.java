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
        OpenWindow window = memory.window(plan.windowId(hit.key(), time));
        HitFact newest = window.shelf().newest();
        if (newest == null || plan.end(time) > newest.time()) {
            add(new HitFact(window, hit, 0, time, arrival.number()), window, plan);
        }
    }

    private void open(OpenWindow window, AggregatePlan plan) {
        window.handle = facts.insert(window, window.memory());
        if (plan.isDecidedAtEnd()) {
            deadlines.add(new Deadline.WindowEnd(window));
        }
    }

    /** To be called when the plan is new. */
    void setTimes(HitFact fact, AggregatePlan plan) {
        alarms.set(fact.home().shelf(0));
        if (plan.isDecidedAtEnd()
                && fact.home() instanceof OpenWindow window
                && fact.equals(window.shelf().oldest())) {
            deadlines.add(new Deadline.WindowEnd(window));
        }
    }

    private void add(HitFact fact, OpenWindow window, AggregatePlan plan) {
        facts.insert(fact);
        window.memory().keep(fact);
        if (window.handle == null) {
            open(window, plan);
        }
        alarms.set(window.shelf());
        releaseOutrun(window, plan);
        facts.fire();
        switch (plan.situation().window()) {
            case Sliding sliding -> decideSliding(fact, window, plan);
            case Tumbling tumbling -> decideTumbling(window, plan);
        }
    }

    /** A window ends with its last hit, not with the clock. */
    private void releaseOutrun(OpenWindow window, AggregatePlan plan) {
        HitFact newest = window.shelf().newest();
        for (HitFact oldest = window.shelf().oldest();
                oldest != null && newest != null && plan.end(oldest.time()) <= newest.time();
                oldest = window.shelf().oldest()) {
            release(oldest);
        }
    }

    private void decideSliding(HitFact fact, OpenWindow window, AggregatePlan plan) {
        if (plan.isReached(window.value()) && !plan.isReached(window.valueWithout(fact))) {
            propose(window, plan);
        }
    }

    private void decideTumbling(OpenWindow window, AggregatePlan plan) {
        if (!plan.isDecidedAtEnd() && !window.matched && plan.isReached(window.value())) {
            window.matched = propose(window, plan);
        }
    }

    void decide(Deadline.WindowEnd deadline) {
        OpenWindow window = deadline.window();
        AggregatePlan plan = (AggregatePlan) window.memory().plan();
        if (plan.isReached(window.value())) {
            propose(window, plan);
        }
        window.shelf().forEach(this::release);
    }

    private boolean propose(OpenWindow window, AggregatePlan plan) {
        HitFact last = window.shelf().newest();
        BigDecimal value = window.value();
        return last != null
                && value != null
                && verdicts.accept(
                        window.memory(), plan.match(last, value, window.shelf().size()));
    }

    void release(HitFact fact) {
        if (fact.isKept()) {
            facts.delete(fact);
            fact.memory().forget(fact);
            if (fact.home() instanceof OpenWindow window && window.shelf().oldest() == null) {
                close(window);
            }
        }
    }

    private void close(OpenWindow window) {
        window.memory().close(window);
        if (window.handle != null) {
            facts.delete(window.handle, window.memory());
            window.handle = null;
        }
    }
}
