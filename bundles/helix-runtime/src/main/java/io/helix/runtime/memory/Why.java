package io.helix.runtime.memory;

import io.helix.api.control.ControlPlane.RoleReport;
import io.helix.api.control.ControlPlane.WhereReport;
import io.helix.api.expression.Expression;
import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import io.helix.api.situation.Situation;
import io.helix.runtime.document.RuleDefinition;
import io.helix.runtime.document.ThrottleDefinition;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why a rule fired or did not fire because of one event, found by playing the log around it again.
 *
 * @param firing the first firing with the event; null when there is none
 * @param where the condition on several events, of the last time that the event came together with others; else null
 * @param summary one line
 */
record Why(@Nullable Firing firing, @Nullable WhereReport where, String summary) {

    static Why of(RuleDefinition rule, Arrival arrival, List<RoleReport> roles, History history, Instant now) {
        return new Reasoning(rule, arrival, roles, history, now).why();
    }

    private record Reasoning(
            RuleDefinition rule, Arrival arrival, List<RoleReport> roles, History history, Instant now) {

        Why why() {
            WhereReport where = where();
            Optional<Firing> firing = firing();
            return new Why(firing.orElse(null), where, firing.map(this::fired).orElseGet(() -> silent(where)));
        }

        private Optional<Firing> firing() {
            return history.firings().stream()
                    .filter(fired -> fired.events().contains(id()) && isMine(fired))
                    .findFirst()
                    .or(this::digest);
        }

        /** What a throttle fires with all that it collected names only the last of them. */
        private Optional<Firing> digest() {
            ThrottleDefinition throttle = rule.throttle();
            if (throttle == null || throttle.mode() != ThrottleDefinition.Mode.ONCE_AFTER) {
                return Optional.empty();
            }
            return heldBack()
                    .flatMap(match -> history.firings().stream()
                            .filter(fired -> fired.key().equals(throttle.perKey() ? match.key() : "")
                                    && fired.due().isAfter(match.time().plus(rule.lateness())))
                            .findFirst());
        }

        private Optional<Match> heldBack() {
            return history.matches().stream()
                    .filter(matched -> !matched.fires())
                    .map(History.Matched::match)
                    .filter(this::isIn)
                    .findFirst();
        }

        private String id() {
            return Objects.requireNonNull(arrival.event()).id();
        }

        private boolean isMine(Firing fired) {
            String identity = Objects.requireNonNull(arrival.event()).identity();
            return fired.identity().contains(identity)
                    || fired.event().identity().equals(identity);
        }

        private String fired(Firing firing) {
            Optional<Match> collected = heldBack();
            if (collected.isPresent() && digest().filter(firing::equals).isPresent()) {
                return "matched at " + collected.get().time() + ", was collected by the throttle, and fires with all"
                        + " that it collected at " + firing.due();
            }
            return "fires at " + firing.due()
                    + (firing.events().size() > 1 ? " with " + String.join(", ", firing.events()) : "");
        }

        private @Nullable WhereReport where() {
            Expression where = rule.where();
            if (where == null) {
                return null;
            }
            return history.candidates().stream()
                    .filter(candidate -> isIn(candidate.match()))
                    .reduce((first, second) -> second)
                    .map(candidate -> RoleReports.report(where, candidate.where(), candidate.facts()))
                    .orElse(null);
        }

        private boolean isIn(Match match) {
            return match.hits().values().stream().anyMatch(this::isThis);
        }

        private boolean isThis(Hit hit) {
            return hit.order() == arrival.sequence();
        }

        private String silent(@Nullable WhereReport where) {
            if (arrival.stored().isBefore(rule.looksFrom())) {
                return "the rule is younger than the event: it looks at events from " + rule.looksFrom() + " on";
            }
            List<Hit> mine = history.hits().stream().filter(this::isThis).toList();
            if (mine.isEmpty()) {
                return history.late().stream().anyMatch(this::isThis)
                        ? "came too late: lateness is " + words(rule.lateness())
                        : RoleReports.refusal(rule, roles);
            }
            Optional<Match> held = heldBack();
            if (held.isPresent()) {
                return held(held.get());
            }
            if (where != null && !where.passed()) {
                return "comes together with others, but where is " + where.outcome();
            }
            return mine.stream().map(this::alone).distinct().collect(Collectors.joining("; "));
        }

        private String held(Match match) {
            ThrottleDefinition throttle = Objects.requireNonNull(rule.throttle());
            return throttle.mode() == ThrottleDefinition.Mode.ONCE_AFTER
                    ? "matched at " + match.time() + " and is collected by the throttle, once-after "
                            + words(throttle.window())
                    : "matched at " + match.time() + ", but the throttle held it back: " + throttle.word() + " "
                            + words(throttle.window());
        }

        /** Why a hit is in no match. */
        private String alone(Hit hit) {
            return switch (rule.situation()) {
                case Situation.Sequence sequence -> inSequence(sequence, hit);
                case Situation.All all -> inAll(all, hit);
                case Situation.Aggregate aggregate -> inAggregate(aggregate, hit);
                case Situation.Any any -> "matched, but was not kept";
            };
        }

        private String inSequence(Situation.Sequence sequence, Hit hit) {
            List<Situation.Step> steps = sequence.steps();
            int place = sequence.aliases().indexOf(hit.alias());
            if (steps.get(place).absent()) {
                return hit.alias() + " seen: it is what must not happen";
            }
            for (Situation.Step step : steps.subList(place + 1, steps.size())) {
                Duration within = step.within() != null ? step.within() : sequence.span();
                Optional<Hit> next = next(step.alias(), hit, within);
                if (step.absent() && next.isPresent()) {
                    return step.alias() + " seen at " + next.get().time() + ", event " + idOf(next.get());
                }
                boolean pending =
                        step.within() != null && hit.time().plus(within).isAfter(now);
                if (step.absent() ? pending : next.isEmpty()) {
                    return missing(step, hit, within);
                }
            }
            return before(steps.subList(0, place), hit, sequence.span());
        }

        private String missing(Situation.Step step, Hit hit, Duration within) {
            Instant until = hit.time().plus(within);
            return until.isAfter(now)
                    ? hit.alias() + " waits until " + until + " for " + step.alias()
                            + (step.absent() ? " not to come" : "")
                    : step.alias() + " did not come within " + words(within) + " of " + hit.alias();
        }

        private String before(List<Situation.Step> steps, Hit hit, Duration span) {
            List<String> absent = new ArrayList<>();
            for (Situation.Step step : steps) {
                boolean seen = same(step.alias(), hit)
                        .anyMatch(other ->
                                precedes(other, hit) && other.time().plus(span).isAfter(hit.time()));
                if (seen == step.absent()) {
                    absent.add(step.alias());
                }
            }
            return absent.isEmpty()
                    ? "the events before " + hit.alias() + " were used up or came in another order"
                    : String.join(", ", absent)
                            + (steps.stream().anyMatch(step -> step.absent() && absent.contains(step.alias()))
                                    ? " seen before "
                                    : " did not come before ")
                            + hit.alias();
        }

        private String inAll(Situation.All all, Hit hit) {
            Set<String> seen = new HashSet<>(Set.of(hit.alias()));
            for (String alias : all.aliases()) {
                if (same(alias, hit).anyMatch(other -> distance(other, hit).compareTo(all.within()) < 0)) {
                    seen.add(alias);
                }
            }
            List<String> open = all.aliases().stream()
                    .filter(alias -> !seen.contains(alias))
                    .toList();
            if (open.isEmpty()) {
                return "the other events were used up";
            }
            Instant until = hit.time().plus(all.within());
            return until.isAfter(now)
                    ? hit.alias() + " waits until " + until + " for " + String.join(", ", open)
                    : String.join(", ", open) + " did not come within " + words(all.within());
        }

        private String inAggregate(Situation.Aggregate aggregate, Hit hit) {
            List<Hit> window = window(aggregate, hit);
            Optional<BigDecimal> value = Measures.of(aggregate.measure(), window);
            String measure = aggregate.measure().name().toLowerCase(java.util.Locale.ROOT);
            boolean reached = value.isPresent() && aggregate.reached(value.get());
            return measure + " is " + value.map(BigDecimal::toPlainString).orElse("nothing")
                    + (reached
                            ? ", which it was before already"
                            : ", wanted " + Measures.wanted(aggregate.threshold()));
        }

        private List<Hit> window(Situation.Aggregate aggregate, Hit hit) {
            long length = aggregate.window().length().toMillis();
            return same(aggregate.alias(), hit)
                    .filter(other -> isThis(other) || precedes(other, hit))
                    .filter(other -> switch (aggregate.window()) {
                        case Situation.Sliding sliding ->
                            other.time().plusMillis(length).isAfter(hit.time());
                        case Situation.Tumbling tumbling ->
                            Math.floorDiv(other.time().toEpochMilli(), length)
                                    == Math.floorDiv(hit.time().toEpochMilli(), length);
                    })
                    .toList();
        }

        private Optional<Hit> next(String alias, Hit hit, Duration within) {
            return same(alias, hit)
                    .filter(other ->
                            precedes(hit, other) && distance(hit, other).compareTo(within) < 0)
                    .min(Comparator.comparing(Hit::time).thenComparing(Hit::order));
        }

        private java.util.stream.Stream<Hit> same(String alias, Hit hit) {
            return history.hits().stream()
                    .filter(other -> other.alias().equals(alias) && other.key().equals(hit.key()));
        }

        private static boolean precedes(Hit first, Hit second) {
            int order = first.time().compareTo(second.time());
            return order < 0 || order == 0 && first.order() < second.order();
        }

        private static Duration distance(Hit one, Hit other) {
            return Duration.between(one.time(), other.time()).abs();
        }

        private static String idOf(Hit hit) {
            return hit.event() instanceof Remembered remembered ? remembered.id() : "";
        }
    }

    static String words(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds == 0) {
            return duration.toMillis() + "ms";
        }
        return seconds % 86_400 == 0
                ? seconds / 86_400 + "d"
                : seconds % 3_600 == 0 ? seconds / 3_600 + "h" : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
