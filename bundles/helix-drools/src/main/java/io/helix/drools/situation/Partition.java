package io.helix.drools.situation;

import io.helix.api.situation.Hit;
import io.helix.api.situation.SituationEngine.Limits;
import java.util.HashMap;
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

    Partition(Limits limits) {
        Collector collector = new Collector(limits.candidates());
        facts = new WorkingMemory(collector);
        verdicts = new Verdicts(findings, limits);
        joins = new Joins(facts, collector, alarms, deadlines, verdicts);
    }

    void handle(SituationRule rule, Hit hit, long clock, long arrival) {
        advance(clock);
        RuleMemory memory = memories.computeIfAbsent(rule.name(), name -> memory(rule));
        int slot = rule.plan().slot(hit.alias());
        if (slot < 0 || memory.isGivenUp(hit.key())) {
            return;
        }
        switch (rule.plan()) {
            case JoinPlan plan -> joins.handle(memory, plan, hit, slot, arrival);
            case AnyPlan plan -> {}
            case AggregatePlan plan -> {}
        }
    }

    private RuleMemory memory(SituationRule rule) {
        return switch (rule.plan()) {
            case JoinPlan plan -> new RuleMemory(rule, facts.entryPoint(plan.shape()));
            case AnyPlan plan -> new RuleMemory(rule, null);
            case AggregatePlan plan -> new RuleMemory(rule, null);
        };
    }

    /** Lets the deadlines up to {@code clock} pass, and all hits go that matter no more. */
    void advance(long clock) {
        for (Deadline next = deadlines.poll(clock); next != null; next = deadlines.poll(clock)) {
            switch (next) {
                case Deadline.Sequence sequence -> joins.decide(sequence);
            }
        }
        alarms.ring(clock, joins::release);
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
            memory.change(rule);
        }
    }

    void remove(String rule) {
        RuleMemory memory = memories.remove(rule);
        if (memory != null) {
            memory.forEach(joins::release);
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

    long facts() {
        return facts.facts();
    }

    @Override
    public void close() {
        facts.close();
    }
}
