package io.helix.drools.situation;

import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import io.helix.api.situation.Situation;
import io.helix.api.situation.SituationEngine.Limits;
import io.helix.api.situation.SituationSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The rules, the clock, and the partitions among which keys are divided. */
final class DroolsSession implements SituationSession {
    private final Map<String, SituationRule> rules = new HashMap<>();
    private final Limits limits;
    private final Crew crew;
    private long clock = 0;
    private long arrivals = 0;

    DroolsSession(int partitions, Limits limits) {
        this.limits = limits;
        this.crew = new Crew(IntStream.range(0, partitions)
                .mapToObj(i -> new Partition(limits))
                .toList());
    }

    @Override
    public void put(String rule, Situation situation, Duration delay, Predicate<Match> filter) {
        SituationRule changed = new SituationRule(rule, Plan.of(situation, delay), filter);
        SituationRule before = rules.get(rule);
        if (before != null && changed.plan().isKinOf(before.plan())) {
            rules.put(rule, changed);
            crew.partitions().forEach(partition -> partition.change(changed));
        } else {
            List<HitFact> kept = before == null ? List.of() : keptBy(changed, before);
            remove(rule);
            rules.put(rule, changed);
            retrace(changed, kept);
        }
    }

    private List<HitFact> keptBy(SituationRule changed, SituationRule before) {
        boolean sameKind = changed.plan().situation().getClass()
                == before.plan().situation().getClass();
        return sameKind ? byArrival(List.of(before.name())) : List.of();
    }

    /** The rule goes on as if it had been like this when its hits came. */
    private void retrace(SituationRule rule, List<HitFact> kept) {
        long then = 0;
        for (HitFact fact : kept) {
            then = Math.max(then, fact.time());
            crew.of(fact.hit().key()).handle(new Arrival(rule, fact.hit(), then, fact.arrival()));
        }
        crew.partitions().forEach(partition -> {
            partition.finish(clock);
            partition.findings().matches().clear();
        });
    }

    @Override
    public void remove(String rule) {
        if (rules.remove(rule) != null) {
            crew.partitions().forEach(partition -> partition.remove(rule));
        }
    }

    @Override
    public Outcome offer(List<Hit> hits, Instant until) {
        long end = until.toEpochMilli();
        requireInOrder(hits, until, end);
        List<Arrival> arrived = new ArrayList<>(hits.size());
        for (Hit hit : hits) {
            clock = Math.max(clock, hit.time().toEpochMilli());
            SituationRule rule = rules.get(hit.rule());
            if (rule != null) {
                arrived.add(new Arrival(rule, hit, clock, arrivals++));
            }
        }
        clock = end;
        crew.work(arrived, end);
        return outcome(arrived);
    }

    private void requireInOrder(List<Hit> hits, Instant until, long end) {
        if (end < clock) {
            throw new IllegalArgumentException(until + " is before the clock, " + Instant.ofEpochMilli(clock));
        }
        for (Hit hit : hits) {
            if (hit.time().isAfter(until)) {
                throw new IllegalArgumentException("a hit of " + hit.time() + " is after " + until);
            }
        }
    }

    private Outcome outcome(List<Arrival> arrived) {
        Findings all = new Findings();
        crew.partitions().forEach(partition -> partition.findings().moveTo(all));
        overfull(arrived).forEach(rule -> all.fault(rule, Verdicts.tooManyHits(limits)));
        all.matches().sort(Matches.BY_COMPLETION);
        Map<String, Fault> faults = new TreeMap<>();
        all.faults().sort(Comparator.comparing(Fault::rule).thenComparing(Fault::reason));
        all.faults().forEach(fault -> faults.putIfAbsent(fault.rule(), fault));
        faults.keySet().forEach(this::remove);
        return new Outcome(all.matches(), List.copyOf(faults.values()));
    }

    /** No rule can keep too many hits while all rules together do not. */
    private Set<String> overfull(List<Arrival> arrived) {
        long all = 0;
        for (Partition partition : crew.partitions()) {
            all += partition.size();
        }
        if (all <= limits.hits()) {
            return Set.of();
        }
        Set<String> touched = new HashSet<>();
        arrived.forEach(arrival -> touched.add(arrival.rule().name()));
        touched.removeIf(rule -> retainedCount(rule) <= limits.hits());
        return touched;
    }

    @Override
    public Optional<Instant> nextDeadline() {
        long next = crew.partitions().stream()
                .mapToLong(Partition::nextDeadline)
                .min()
                .orElse(Shelf.NEVER);
        return next == Shelf.NEVER ? Optional.empty() : Optional.of(Instant.ofEpochMilli(next));
    }

    @Override
    public List<Hit> retained(String rule) {
        return facts(List.of(rule)).stream()
                .sorted(HitFact.BY_AGE)
                .map(HitFact::hit)
                .toList();
    }

    @Override
    public List<Hit> retained() {
        return byArrival(rules.keySet()).stream().map(HitFact::hit).toList();
    }

    @Override
    public long retainedCount() {
        return rules.keySet().stream().mapToLong(this::retainedCount).sum();
    }

    @Override
    public long retainedCount(String rule) {
        long count = 0;
        for (Partition partition : crew.partitions()) {
            count += partition.size(rule);
        }
        return count;
    }

    private List<HitFact> byArrival(Iterable<String> names) {
        List<HitFact> facts = facts(names);
        facts.sort(Comparator.comparingLong(HitFact::arrival));
        return facts;
    }

    private List<HitFact> facts(Iterable<String> names) {
        List<HitFact> facts = new ArrayList<>();
        for (String name : names) {
            crew.partitions().forEach(partition -> partition.forEach(name, facts::add));
        }
        return facts;
    }

    /** How many facts Drools has, for tests. */
    long factCount() {
        return crew.partitions().stream().mapToLong(Partition::facts).sum();
    }

    @Override
    public void close() {
        crew.close();
    }
}
