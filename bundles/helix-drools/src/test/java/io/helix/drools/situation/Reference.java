package io.helix.drools.situation;

import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import io.helix.api.situation.Situation;
import io.helix.api.situation.Situation.Measure;
import io.helix.api.situation.Situation.Sequence;
import io.helix.api.situation.Situation.Step;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the port says, without a thought for time and memory: one rule, all its hits in a list, every combination tried. */
final class Reference {
    private final Situation situation;
    private final Duration delay;
    private final Predicate<Match> filter;
    private final List<Hit> hits = new ArrayList<>();
    private final Set<Hit> used = new HashSet<>();
    private final Set<Object> decided = new HashSet<>();
    private Instant clock = Instant.EPOCH;

    Reference(Situation situation, Duration delay, Predicate<Match> filter) {
        this.situation = situation;
        this.delay = delay;
        this.filter = filter;
    }

    /** In the order in which they are found. */
    List<Match> offer(List<Hit> offered, List<Instant> clocks, Instant until) {
        List<Match> found = new ArrayList<>();
        for (int i = 0; i < offered.size(); i++) {
            clock = clocks.get(i);
            found.addAll(passDeadlines());
            hits.add(offered.get(i));
            found.addAll(completedBy(offered.get(i)));
        }
        clock = until;
        found.addAll(passDeadlines());
        return found;
    }

    private List<Match> completedBy(Hit hit) {
        return switch (situation) {
            case Situation.Any any ->
                accepted(new Match(hit.rule(), hit.key(), hit.time(), Map.of(hit.alias(), hit), null));
            case Situation.All all ->
                use(combinations(all.aliases(), hit.key()).stream()
                        .filter(combination -> combination.contains(hit))
                        .filter(combination -> isTogether(combination, all.within()))
                        .toList());
            case Sequence sequence ->
                waits(sequence)
                        ? List.of()
                        : use(sequences(sequence, hit.key()).stream()
                                .filter(combination -> combination.contains(hit))
                                .toList());
            case Situation.Aggregate aggregate -> measured(aggregate, hit);
        };
    }

    private boolean waits(Sequence sequence) {
        boolean endsAbsent = sequence.steps().get(sequence.steps().size() - 1).absent();
        return endsAbsent || !delay.isZero() && sequence.steps().stream().anyMatch(Step::absent);
    }

    // Combinations

    private List<List<Hit>> combinations(List<String> aliases, String key) {
        List<List<Hit>> all = new ArrayList<>();
        all.add(List.of());
        for (String alias : aliases) {
            List<List<Hit>> longer = new ArrayList<>();
            for (List<Hit> shorter : all) {
                for (Hit hit : hits) {
                    if (hit.alias().equals(alias) && hit.key().equals(key) && !used.contains(hit)) {
                        List<Hit> combination = new ArrayList<>(shorter);
                        combination.add(hit);
                        longer.add(combination);
                    }
                }
            }
            all = longer;
        }
        return all;
    }

    private static boolean isTogether(List<Hit> combination, Duration within) {
        for (Hit one : combination) {
            for (Hit other : combination) {
                if (!one.equals(other) && (one.order() == other.order() || !isWithin(one, other, within))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isWithin(Hit one, Hit other, Duration within) {
        return Duration.between(one.time(), other.time()).abs().compareTo(within) < 0;
    }

    private static boolean isAfter(Hit one, Hit other) {
        int byTime = one.time().compareTo(other.time());
        return byTime > 0 || byTime == 0 && one.order() > other.order();
    }

    private List<List<Hit>> sequences(Sequence sequence, String key) {
        List<String> present = sequence.steps().stream()
                .filter(step -> !step.absent())
                .map(Step::alias)
                .toList();
        return combinations(present, key).stream()
                .filter(combination -> isSequence(sequence, combination))
                .toList();
    }

    private boolean isSequence(Sequence sequence, List<Hit> combination) {
        Hit first = combination.get(0);
        Hit last = combination.get(combination.size() - 1);
        if (sequence.within() != null && !isWithin(first, last, sequence.within())) {
            return false;
        }
        int seen = 0;
        for (Step step : sequence.steps()) {
            Hit before = seen == 0 ? null : combination.get(seen - 1);
            Hit after = seen == combination.size() ? null : combination.get(seen);
            if (step.absent()) {
                Duration reach = step.within() == null ? sequence.within() : step.within();
                if (hits.stream().anyMatch(hit -> spoils(hit, step, first.key(), before, after, reach))) {
                    return false;
                }
            } else {
                boolean follows = before == null || isAfter(Objects.requireNonNull(after), before);
                boolean inTime = before == null
                        || step.within() == null
                        || isWithin(before, Objects.requireNonNull(after), step.within());
                if (!follows || !inTime) {
                    return false;
                }
                seen++;
            }
        }
        return true;
    }

    private static boolean spoils(
            Hit hit, Step step, String key, @Nullable Hit before, @Nullable Hit after, @Nullable Duration reach) {
        if (!hit.alias().equals(step.alias()) || !hit.key().equals(key)) {
            return false;
        }
        boolean isAfterBefore = before == null || isAfter(hit, before);
        boolean isBeforeAfter = after == null || isAfter(after, hit);
        Hit only = before == null ? after : after == null ? before : null;
        return isAfterBefore && isBeforeAfter && (only == null || isWithin(hit, only, Objects.requireNonNull(reach)));
    }

    private List<Match> use(List<List<Hit>> candidates) {
        List<Match> found = new ArrayList<>();
        for (List<Hit> candidate : candidates.stream().sorted(this::byAge).toList()) {
            if (candidate.stream().noneMatch(used::contains)) {
                List<Match> accepted = accepted(match(candidate));
                if (!accepted.isEmpty()) {
                    used.addAll(candidate);
                }
                found.addAll(accepted);
            }
        }
        return found;
    }

    private int byAge(List<Hit> one, List<Hit> other) {
        Comparator<Hit> older = Comparator.comparing(Hit::time)
                .thenComparing(Hit::order)
                .thenComparing(hit -> situation.aliases().indexOf(hit.alias()));
        List<Hit> ones = one.stream().sorted(older).toList();
        List<Hit> others = other.stream().sorted(older).toList();
        for (int i = 0; i < ones.size(); i++) {
            int difference = older.compare(ones.get(i), others.get(i));
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    private Match match(List<Hit> combination) {
        Map<String, Hit> byAlias = new HashMap<>();
        combination.forEach(hit -> byAlias.put(hit.alias(), hit));
        Instant last = combination.stream()
                .map(Hit::time)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        Instant time = situation instanceof Sequence sequence ? last.plus(trailing(sequence)) : last;
        Hit any = combination.get(0);
        return new Match(any.rule(), any.key(), time, byAlias, null);
    }

    private List<Match> accepted(Match match) {
        return filter.test(match) ? List.of(match) : List.of();
    }

    // Deadlines

    private List<Match> passDeadlines() {
        return switch (situation) {
            case Sequence sequence -> waits(sequence) ? decideSequences(sequence) : List.of();
            case Situation.Aggregate aggregate -> decideWindows(aggregate);
            case Situation.All all -> List.of();
            case Situation.Any any -> List.of();
        };
    }

    private static Duration trailing(Sequence sequence) {
        Duration longest = Duration.ZERO;
        for (Step step : sequence.steps()) {
            Duration own = step.within() == null ? sequence.within() : step.within();
            if (!step.absent()) {
                longest = Duration.ZERO;
            } else if (own != null && own.compareTo(longest) > 0) {
                longest = own;
            }
        }
        return longest;
    }

    private List<Match> decideSequences(Sequence sequence) {
        Duration patience = trailing(sequence).isZero() ? Duration.ofMillis(1) : trailing(sequence);
        String last = sequence.steps().stream()
                .filter(step -> !step.absent())
                .reduce((one, other) -> other)
                .orElseThrow()
                .alias();
        List<Hit> due = hits.stream()
                .filter(hit -> hit.alias().equals(last))
                .filter(hit -> !hit.time().plus(patience).plus(delay).isAfter(clock))
                .filter(decided::add)
                .sorted(Comparator.comparing(Hit::time))
                .toList();
        List<Match> found = new ArrayList<>();
        for (Hit hit : due) {
            found.addAll(use(sequences(sequence, hit.key()).stream()
                    .filter(combination ->
                            combination.get(combination.size() - 1).equals(hit))
                    .toList()));
        }
        return found;
    }

    private List<Match> decideWindows(Situation.Aggregate aggregate) {
        List<Match> found = new ArrayList<>();
        if (aggregate.window() instanceof Situation.Tumbling tumbling && tumbling.atEnd()) {
            for (Hit hit : hits) {
                Instant end = start(hit, tumbling).plus(tumbling.length());
                List<Hit> window = window(hit, tumbling);
                if (!end.plus(delay).isAfter(clock)
                        && decided.add(List.of(hit.key(), end))
                        && reached(aggregate, window)) {
                    found.addAll(accepted(match(aggregate, window, end, start(hit, tumbling))));
                }
            }
        }
        return found;
    }

    // Aggregates

    private List<Match> measured(Situation.Aggregate aggregate, Hit hit) {
        return switch (aggregate.window()) {
            case Situation.Sliding sliding -> sliding(aggregate, hit, sliding.length());
            case Situation.Tumbling tumbling -> tumbling.atEnd() ? List.of() : tumbling(aggregate, hit, tumbling);
        };
    }

    private List<Match> sliding(Situation.Aggregate aggregate, Hit hit, Duration length) {
        List<Hit> ofKey =
                hits.stream().filter(other -> other.key().equals(hit.key())).toList();
        Instant to =
                ofKey.stream().map(Hit::time).max(Comparator.naturalOrder()).orElseThrow();
        Instant from = to.minus(length);
        List<Hit> with =
                ofKey.stream().filter(other -> other.time().isAfter(from)).toList();
        List<Hit> without = with.stream().filter(other -> !other.equals(hit)).toList();
        boolean matches = with.contains(hit) && reached(aggregate, with) && !reached(aggregate, without);
        return matches ? accepted(match(aggregate, with, last(with).time(), from)) : List.of();
    }

    private List<Match> tumbling(Situation.Aggregate aggregate, Hit hit, Situation.Tumbling tumbling) {
        List<Hit> window = window(hit, tumbling);
        Object once = List.of(hit.key(), start(hit, tumbling));
        if (decided.contains(once) || !reached(aggregate, window)) {
            return List.of();
        }
        List<Match> found = accepted(match(aggregate, window, last(window).time(), start(hit, tumbling)));
        if (!found.isEmpty()) {
            decided.add(once);
        }
        return found;
    }

    private List<Hit> window(Hit hit, Situation.Tumbling tumbling) {
        return hits.stream()
                .filter(other -> other.key().equals(hit.key()))
                .filter(other -> start(other, tumbling).equals(start(hit, tumbling)))
                .toList();
    }

    private static Instant start(Hit hit, Situation.Tumbling tumbling) {
        long length = tumbling.length().toMillis();
        return Instant.ofEpochMilli(hit.time().toEpochMilli() / length * length);
    }

    private static Hit last(List<Hit> window) {
        return window.stream()
                .max(Comparator.comparing(Hit::time).thenComparing(Hit::order))
                .orElseThrow();
    }

    private static Match match(Situation.Aggregate aggregate, List<Hit> window, Instant time, Instant from) {
        BigDecimal value = Values.plain(Objects.requireNonNull(value(aggregate.measure(), window)));
        Hit last = last(window);
        Match.Measured measured = new Match.Measured(
                value, window.size(), from, from.plus(aggregate.window().length()));
        return new Match(last.rule(), last.key(), time, Map.of(last.alias(), last), measured);
    }

    private static boolean reached(Situation.Aggregate aggregate, List<Hit> window) {
        BigDecimal value = value(aggregate.measure(), window);
        return value != null && aggregate.reached(value);
    }

    private static @Nullable BigDecimal value(Measure measure, List<Hit> window) {
        List<BigDecimal> numbers = measure == Measure.COUNT || measure == Measure.DISTINCT
                ? List.of()
                : window.stream()
                        .map(hit -> (BigDecimal) Objects.requireNonNull(hit.value()))
                        .toList();
        BigDecimal sum = numbers.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        return switch (measure) {
            case COUNT -> BigDecimal.valueOf(window.size());
            case SUM -> sum;
            case AVG ->
                numbers.isEmpty() ? null : sum.divide(BigDecimal.valueOf(numbers.size()), MathContext.DECIMAL128);
            case MIN -> numbers.stream().min(Comparator.naturalOrder()).orElse(null);
            case MAX -> numbers.stream().max(Comparator.naturalOrder()).orElse(null);
            case DISTINCT ->
                BigDecimal.valueOf(window.stream().map(Hit::value).distinct().count());
        };
    }
}
