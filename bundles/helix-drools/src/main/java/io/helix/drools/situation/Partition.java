package io.helix.drools.situation;

import io.helix.api.situation.Hit;
import io.helix.api.situation.SituationEngine.Limits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Finds the situations of some of the keys. Used by one thread at a time. */
final class Partition implements AutoCloseable {
    private final Map<String, RuleMemory> memories = new HashMap<>();
    private final Findings findings = new Findings();
    private final Alarms alarms = new Alarms();
    private final Deadlines deadlines = new Deadlines();
    private final WorkingMemory facts;
    private final Verdicts verdicts;
    private final Joins joins;
    private final Aggregates aggregates;

    Partition(Limits limits) {
        Collector collector = new Collector(limits.candidates());
        facts = new WorkingMemory(collector);
        verdicts = new Verdicts(findings, limits);
        joins = new Joins(facts, collector, alarms, deadlines, verdicts);
        aggregates = new Aggregates(facts, alarms, deadlines, verdicts);
    }

    void handle(List<Arrival> arrivals) {
        for (int from = 0; from < arrivals.size(); from += Foresight.REACH) {
            List<Arrival> next = arrivals.subList(from, Math.min(from + Foresight.REACH, arrivals.size()));
            foresee(next);
            next.forEach(this::handle);
        }
    }

    private void foresee(List<Arrival> next) {
        if (next.size() == 1 || facts.hits() < Foresight.WORTH_READING) {
            return;
        }
        for (Arrival arrival : next) {
            RuleMemory memory = memories.get(arrival.rule().name());
            if (memory != null) {
                memory.expect(arrival.hit().key());
            }
        }
        alarms.foresee(next.getLast().clock(), fact -> fact.memory().expect(fact.key()));
        facts.foresee();
    }

    void handle(Arrival arrival) {
        advance(arrival.clock());
        SituationRule rule = arrival.rule();
        Hit hit = arrival.hit();
        RuleMemory memory = memories.get(rule.name());
        if (memory == null) {
            memory = memory(rule);
            memories.put(rule.name(), memory);
        }
        int slot = rule.plan().slot(hit.alias());
        if (slot >= 0 && !memory.isGivenUp(hit.key())) {
            switch (rule.plan()) {
                case JoinPlan plan -> joins.handle(memory, plan, slot, arrival);
                case AggregatePlan plan -> aggregates.handle(memory, plan, arrival);
                case AnyPlan plan -> verdicts.accept(memory, plan.match(hit));
            }
        }
    }

    private RuleMemory memory(SituationRule rule) {
        return switch (rule.plan()) {
            case JoinPlan plan -> new RuleMemory(rule, facts.place(plan.shape()));
            case AggregatePlan plan -> new RuleMemory(rule, facts.place(new AggregateShape()));
            case AnyPlan plan -> new RuleMemory(rule, null);
        };
    }

    /** To be called after some hits: lets the time pass up to {@code clock}. */
    void finish(long clock) {
        advance(clock);
        facts.clean();
    }

    /** Lets the deadlines up to {@code clock} pass, and all hits go that matter no more. */
    private void advance(long clock) {
        for (Deadline next = deadlines.poll(clock); next != null; next = deadlines.poll(clock)) {
            switch (next) {
                case Deadline.Sequence sequence -> joins.decide(sequence);
                case Deadline.WindowEnd end -> aggregates.decide(end);
            }
        }
        alarms.ring(clock, this::release);
    }

    private void release(HitFact fact) {
        switch (fact.plan()) {
            case JoinPlan plan -> joins.release(fact);
            case AggregatePlan plan -> aggregates.release(fact);
            case AnyPlan plan -> {}
        }
    }

    /** When the next deadline is; {@link Shelf#NEVER} when there is none. */
    long nextDeadline() {
        return deadlines.next();
    }

    Findings findings() {
        return findings;
    }

    /** For a change that leaves the hits as they are. */
    void change(SituationRule rule) {
        RuleMemory memory = memories.get(rule.name());
        if (memory != null) {
            boolean sameTimes = memory.plan().delay() == rule.plan().delay();
            memory.change(rule);
            if (!sameTimes) {
                memory.forEach(this::setTimes);
            }
        }
    }

    private void setTimes(HitFact fact) {
        switch (fact.plan()) {
            case JoinPlan plan -> joins.setTimes(fact, plan);
            case AggregatePlan plan -> aggregates.setTimes(fact, plan);
            case AnyPlan plan -> {}
        }
    }

    void remove(String rule) {
        RuleMemory memory = memories.remove(rule);
        if (memory != null) {
            memory.forEach(this::release);
            facts.clean();
        }
    }

    int size(String rule) {
        RuleMemory memory = memories.get(rule);
        return memory == null ? 0 : memory.size();
    }

    void forEach(String rule, Consumer<HitFact> action) {
        RuleMemory memory = memories.get(rule);
        if (memory != null) {
            memory.forEach(action);
        }
    }

    /** Of all rules. */
    long size() {
        return facts.hits();
    }

    long facts() {
        return facts.size();
    }

    @Override
    public void close() {
        facts.close();
    }
}
