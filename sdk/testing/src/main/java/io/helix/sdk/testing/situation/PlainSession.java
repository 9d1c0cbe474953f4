package io.helix.sdk.testing.situation;

import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import io.helix.api.situation.Situation;
import io.helix.api.situation.SituationEngine.Limits;
import io.helix.api.situation.SituationSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** All hits in lists. */
final class PlainSession implements SituationSession {
    private final Limits limits;
    private final Map<String, PlainRule> rules = new TreeMap<>();
    private Instant clock = Instant.EPOCH;

    PlainSession(Limits limits) {
        this.limits = limits;
    }

    @Override
    public void put(String rule, Situation situation, Duration delay, Predicate<Match> filter) {
        PlainRule before = rules.get(rule);
        rules.put(rule, new PlainRule(rule, situation, delay, filter, limits, before));
    }

    @Override
    public void remove(String rule) {
        rules.remove(rule);
    }

    @Override
    public Outcome offer(List<Hit> hits, Instant until) {
        List<Match> matches = new ArrayList<>();
        List<Fault> faults = new ArrayList<>();
        for (Hit hit : hits) {
            PlainRule rule = rules.get(hit.rule());
            if (rule != null) {
                pass(hit.time().plus(rule.delay()), matches, faults);
                guarded(rule, faults, () -> matches.addAll(rule.add(hit)));
            }
        }
        pass(until, matches, faults);
        return new Outcome(matches, faults);
    }

    private void pass(Instant to, List<Match> matches, List<Fault> faults) {
        for (Optional<Instant> next = nextDeadline();
                next.isPresent() && !next.get().isAfter(to);
                next = nextDeadline()) {
            Instant due = next.get();
            for (PlainRule rule : List.copyOf(rules.values())) {
                guarded(rule, faults, () -> matches.addAll(rule.deadline(due)));
            }
        }
        clock = to.isAfter(clock) ? to : clock;
        rules.values().forEach(rule -> rule.forget(clock));
    }

    private void guarded(PlainRule rule, List<Fault> faults, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            rules.remove(rule.name());
            faults.add(new Fault(rule.name(), String.valueOf(e.getMessage())));
        }
    }

    @Override
    public Optional<Instant> nextDeadline() {
        return rules.values().stream()
                .flatMap(rule -> rule.nextDeadline().stream())
                .min(Comparator.naturalOrder());
    }

    @Override
    public List<Hit> retained(String rule) {
        PlainRule found = rules.get(rule);
        return found == null ? List.of() : found.hits();
    }

    @Override
    public List<Hit> retained() {
        return rules.values().stream()
                .flatMap(rule ->
                        rule.hits().stream().map(hit -> Map.entry(hit.time().plus(rule.delay()), hit)))
                .sorted(Map.Entry.<Instant, Hit>comparingByKey()
                        .thenComparing(entry -> entry.getValue().order()))
                .map(Map.Entry::getValue)
                .toList();
    }

    @Override
    public long retainedCount() {
        return rules.values().stream().mapToLong(rule -> rule.hits().size()).sum();
    }

    @Override
    public long retainedCount(String rule) {
        return retained(rule).size();
    }

    @Override
    public void close() {
        rules.clear();
    }
}
