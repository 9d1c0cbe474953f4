package io.helix.sdk.testing.situation;

import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import io.helix.api.situation.Situation;
import io.helix.api.situation.SituationEngine.Limits;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One rule and its hits, oldest first. */
final class PlainRule {
    private static final Comparator<Hit> AGE = Comparator.comparing(Hit::time).thenComparing(Hit::order);

    private final String name;
    private final Situation situation;
    private final Duration delay;
    private final Predicate<Match> filter;
    private final Limits limits;
    private final List<Hit> hits = new ArrayList<>();
    /** Times that are still to come at which something may be complete. */
    private final TreeSet<Instant> deadlines = new TreeSet<>();

    private final Set<List<Object>> matchedWindows = new HashSet<>();

    PlainRule(
            String name,
            Situation situation,
            Duration delay,
            Predicate<Match> filter,
            Limits limits,
            @Nullable PlainRule before) {
        this.name = name;
        this.situation = situation;
        this.delay = delay;
        this.filter = filter;
        this.limits = limits;
        if (before != null) {
            before.hits.stream()
                    .filter(hit -> situation.aliases().contains(hit.alias()))
                    .forEach(hit -> {
                        hits.add(hit);
                        deadline(hit).ifPresent(deadlines::add);
                    });
            matchedWindows.addAll(before.matchedWindows);
        }
    }

    String name() {
        return name;
    }

    Duration delay() {
        return delay;
    }

    List<Hit> hits() {
        return List.copyOf(hits);
    }

    Optional<Instant> nextDeadline() {
        return deadlines.isEmpty() ? Optional.empty() : Optional.of(deadlines.first());
    }

    // --- hits

    List<Match> add(Hit hit) {
        hits.add(hit);
        hits.sort(AGE);
        if (hits.size() > limits.hits()) {
            throw new IllegalStateException("it keeps more than " + limits.hits() + " events");
        }
        deadline(hit).ifPresent(deadlines::add);
        return switch (situation) {
            case Situation.Any any -> any(hit);
            case Situation.All all -> used(combination(all.aliases(), hit, all.within()), hit.time());
            case Situation.Sequence sequence -> inSequence(sequence, hit);
            case Situation.Aggregate aggregate -> measured(aggregate, hit);
        };
    }

    private List<Match> any(Hit hit) {
        hits.remove(hit);
        Match match = new Match(name, hit.key(), hit.time(), Map.of(hit.alias(), hit), null);
        return filter.test(match) ? List.of(match) : List.of();
    }

    private List<Match> used(Optional<Map<String, Hit>> combination, Instant time) {
        if (combination.isEmpty()) {
            return List.of();
        }
        hits.removeAll(combination.get().values());
        String key = combination.get().values().iterator().next().key();
        return List.of(new Match(name, key, time, combination.get(), null));
    }

    private boolean passes(Map<String, Hit> combination, Instant time) {
        String key = combination.values().iterator().next().key();
        return filter.test(new Match(name, key, time, combination, null));
    }

    private Stream<Hit> same(String alias, Hit hit) {
        return List.copyOf(hits).stream()
                .filter(other -> other.alias().equals(alias) && other.key().equals(hit.key()));
    }

    // --- all

    private Optional<Map<String, Hit>> combination(List<String> aliases, Hit hit, Duration within) {
        return combination(aliases, hit, within, new LinkedHashMap<>());
    }

    private Optional<Map<String, Hit>> combination(
            List<String> aliases, Hit hit, Duration within, Map<String, Hit> chosen) {
        if (chosen.size() == aliases.size()) {
            return passes(chosen, hit.time()) ? Optional.of(Map.copyOf(chosen)) : Optional.empty();
        }
        String alias = aliases.get(chosen.size());
        List<Hit> candidates =
                alias.equals(hit.alias()) ? List.of(hit) : same(alias, hit).toList();
        for (Hit candidate : candidates) {
            boolean fits = chosen.values().stream()
                    .allMatch(other -> other.order() != candidate.order()
                            && Duration.between(other.time(), candidate.time())
                                            .abs()
                                            .compareTo(within)
                                    < 0);
            if (fits) {
                chosen.put(alias, candidate);
                Optional<Map<String, Hit>> found = combination(aliases, hit, within, chosen);
                chosen.remove(alias);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    // --- sequence

    private List<Match> inSequence(Situation.Sequence sequence, Hit hit) {
        List<Situation.Step> steps = sequence.steps();
        Situation.Step last = steps.getLast();
        return last.absent() || !last.alias().equals(hit.alias())
                ? List.of()
                : used(chain(sequence, new LinkedHashMap<>(), 0, hit, hit.time()), hit.time());
    }

    /** The first chain of hits, oldest first, that ends with {@code end}. */
    private Optional<Map<String, Hit>> chain(
            Situation.Sequence sequence, LinkedHashMap<String, Hit> chosen, int index, Hit end, Instant now) {
        List<Situation.Step> steps = sequence.steps();
        int next = index;
        while (next < steps.size() && steps.get(next).absent()) {
            next++;
        }
        if (next == steps.size()) {
            boolean whole = chosen.containsValue(end) && nothingAbsent(steps, chosen);
            return whole && passes(chosen, now) ? Optional.of(Map.copyOf(chosen)) : Optional.empty();
        }
        Situation.Step step = steps.get(next);
        Hit before = chosen.isEmpty() ? null : chosen.lastEntry().getValue();
        Hit first = chosen.isEmpty() ? null : chosen.firstEntry().getValue();
        for (Hit candidate : same(step.alias(), end).toList()) {
            boolean inTime = before == null
                    || follows(before, candidate)
                            && within(before, candidate, step.within())
                            && within(first, candidate, sequence.within());
            if (inTime && !follows(end, candidate)) {
                chosen.put(step.alias(), candidate);
                Optional<Map<String, Hit>> found = chain(sequence, chosen, next + 1, end, now);
                chosen.remove(step.alias());
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static boolean follows(Hit first, Hit second) {
        return AGE.compare(first, second) < 0 && first.order() != second.order();
    }

    private static boolean within(@Nullable Hit first, Hit second, @Nullable Duration within) {
        return first == null
                || within == null
                || Duration.between(first.time(), second.time()).compareTo(within) < 0;
    }

    private boolean nothingAbsent(List<Situation.Step> steps, Map<String, Hit> chosen) {
        for (int i = 0; i < steps.size(); i++) {
            Situation.Step step = steps.get(i);
            if (step.absent()) {
                Hit before = neighbour(steps.subList(0, i).reversed(), chosen);
                Hit after = neighbour(steps.subList(i + 1, steps.size()), chosen);
                Hit any = before == null ? after : before;
                if (any != null && same(step.alias(), any).anyMatch(hit -> breaks(step, before, after, hit))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static @Nullable Hit neighbour(List<Situation.Step> steps, Map<String, Hit> chosen) {
        return steps.stream()
                .filter(step -> !step.absent())
                .findFirst()
                .map(step -> chosen.get(step.alias()))
                .orElse(null);
    }

    private static boolean breaks(Situation.Step step, @Nullable Hit before, @Nullable Hit after, Hit hit) {
        boolean afterBefore = before == null || follows(before, hit);
        boolean beforeAfter = after == null || follows(hit, after);
        boolean near = before != null && after != null
                || before != null && within(before, hit, step.within())
                || before == null && after != null && within(hit, after, step.within());
        return afterBefore && beforeAfter && near;
    }

    // --- deadlines

    private Optional<Instant> deadline(Hit hit) {
        return switch (situation) {
            case Situation.Sequence sequence -> absence(sequence, hit);
            case Situation.Aggregate aggregate
            when aggregate.window() instanceof Situation.Tumbling tumbling && tumbling.atEnd() ->
                Optional.of(windowEnd(tumbling.length(), hit).plus(delay));
            case Situation.Aggregate aggregate -> Optional.empty();
            case Situation.All all -> Optional.empty();
            case Situation.Any any -> Optional.empty();
        };
    }

    private Optional<Instant> absence(Situation.Sequence sequence, Hit hit) {
        List<Situation.Step> steps = sequence.steps();
        if (!steps.getLast().absent()
                || !lastEvent(sequence).filter(hit.alias()::equals).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(hit.time().plus(trailing(steps)).plus(delay));
    }

    private static Optional<String> lastEvent(Situation.Sequence sequence) {
        return sequence.steps().reversed().stream()
                .filter(step -> !step.absent())
                .findFirst()
                .map(Situation.Step::alias);
    }

    private static Duration trailing(List<Situation.Step> steps) {
        Duration longest = Duration.ZERO;
        for (Situation.Step step : steps.reversed()) {
            if (!step.absent()) {
                break;
            }
            longest = step.within() != null && step.within().compareTo(longest) > 0 ? step.within() : longest;
        }
        return longest;
    }

    List<Match> deadline(Instant due) {
        if (!deadlines.remove(due)) {
            return List.of();
        }
        List<Match> matches = new ArrayList<>();
        for (Hit hit : List.copyOf(hits)) {
            if (hits.contains(hit) && deadline(hit).filter(due::equals).isPresent()) {
                matches.addAll(complete(hit, due.minus(delay)));
            }
        }
        return matches;
    }

    private List<Match> complete(Hit hit, Instant time) {
        return switch (situation) {
            case Situation.Sequence sequence -> used(chain(sequence, new LinkedHashMap<>(), 0, hit, time), time);
            case Situation.Aggregate aggregate -> atEnd(aggregate, hit, time);
            case Situation.All all -> List.of();
            case Situation.Any any -> List.of();
        };
    }

    // --- aggregates

    private static Instant windowStart(Duration length, Hit hit) {
        long millis = length.toMillis();
        return Instant.ofEpochMilli(Math.floorDiv(hit.time().toEpochMilli(), millis) * millis);
    }

    private static Instant windowEnd(Duration length, Hit hit) {
        return windowStart(length, hit).plus(length);
    }

    private List<Match> measured(Situation.Aggregate aggregate, Hit hit) {
        return switch (aggregate.window()) {
            case Situation.Sliding(Duration length) -> sliding(aggregate, length, hit);
            case Situation.Tumbling(Duration length, boolean atEnd) ->
                atEnd ? List.of() : tumbling(aggregate, length, hit);
        };
    }

    private List<Match> sliding(Situation.Aggregate aggregate, Duration length, Hit hit) {
        List<Hit> with = same(aggregate.alias(), hit)
                .filter(other -> other.time().plus(length).isAfter(hit.time()))
                .toList();
        List<Hit> without =
                with.stream().filter(other -> other.order() != hit.order()).toList();
        boolean crosses = reached(aggregate, with) && !reached(aggregate, without);
        return crosses ? match(aggregate, with, hit, hit.time().minus(length), hit.time()) : List.of();
    }

    private List<Match> tumbling(Situation.Aggregate aggregate, Duration length, Hit hit) {
        Instant start = windowStart(length, hit);
        List<Hit> window = window(aggregate, length, hit);
        List<Object> id = List.of(hit.key(), start);
        if (matchedWindows.contains(id) || !reached(aggregate, window)) {
            return List.of();
        }
        List<Match> matches = match(aggregate, window, hit, start, start.plus(length));
        if (!matches.isEmpty()) {
            matchedWindows.add(id);
        }
        return matches;
    }

    private List<Match> atEnd(Situation.Aggregate aggregate, Hit hit, Instant end) {
        Duration length = aggregate.window().length();
        List<Hit> window = window(aggregate, length, hit);
        hits.removeAll(window);
        Instant start = end.minus(length);
        if (!reached(aggregate, window)) {
            return List.of();
        }
        Match match = new Match(
                name,
                hit.key(),
                end,
                Map.of(aggregate.alias(), window.getLast()),
                new Match.Measured(value(aggregate, window).orElseThrow(), window.size(), start, end));
        return filter.test(match) ? List.of(match) : List.of();
    }

    private List<Hit> window(Situation.Aggregate aggregate, Duration length, Hit hit) {
        Instant start = windowStart(length, hit);
        return same(aggregate.alias(), hit)
                .filter(other -> windowStart(length, other).equals(start))
                .toList();
    }

    private List<Match> match(Situation.Aggregate aggregate, List<Hit> window, Hit hit, Instant from, Instant to) {
        Match match = new Match(
                name,
                hit.key(),
                hit.time(),
                Map.of(aggregate.alias(), hit),
                new Match.Measured(value(aggregate, window).orElseThrow(), window.size(), from, to));
        return filter.test(match) ? List.of(match) : List.of();
    }

    private static boolean reached(Situation.Aggregate aggregate, List<Hit> window) {
        return value(aggregate, window).map(aggregate::reached).orElse(false);
    }

    private static Optional<BigDecimal> value(Situation.Aggregate aggregate, List<Hit> window) {
        if (window.isEmpty()) {
            boolean zero = switch (aggregate.measure()) {
                case COUNT, SUM, DISTINCT -> true;
                case AVG, MIN, MAX -> false;
            };
            return zero ? Optional.of(BigDecimal.ZERO) : Optional.empty();
        }
        return measure(aggregate, window).map(BigDecimal::stripTrailingZeros);
    }

    private static Optional<BigDecimal> measure(Situation.Aggregate aggregate, List<Hit> window) {
        Stream<BigDecimal> numbers = window.stream()
                .map(Hit::value)
                .filter(BigDecimal.class::isInstance)
                .map(BigDecimal.class::cast);
        return switch (aggregate.measure()) {
            case COUNT -> Optional.of(BigDecimal.valueOf(window.size()));
            case SUM -> numbers.reduce(BigDecimal::add);
            case AVG ->
                numbers.reduce(BigDecimal::add)
                        .map(sum -> sum.divide(BigDecimal.valueOf(window.size()), MathContext.DECIMAL128));
            case MIN -> numbers.min(Comparator.naturalOrder());
            case MAX -> numbers.max(Comparator.naturalOrder());
            case DISTINCT ->
                Optional.of(BigDecimal.valueOf(
                        window.stream().map(Hit::value).distinct().count()));
        };
    }

    // --- time

    /** Lets go of what can matter no more. */
    void forget(Instant now) {
        hits.removeIf(hit -> !until(hit).plus(delay).isAfter(now));
        matchedWindows.removeIf(id -> id.get(1) instanceof Instant start
                && !start.plus(situation.span()).plus(delay).isAfter(now));
    }

    private Instant until(Hit hit) {
        return situation instanceof Situation.Aggregate aggregate
                        && aggregate.window() instanceof Situation.Tumbling tumbling
                ? windowEnd(tumbling.length(), hit)
                : hit.time().plus(situation.span());
    }
}
