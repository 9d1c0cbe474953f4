package io.helix.runtime.memory;

import io.helix.api.HelixException;
import io.helix.api.control.ControlPlane.Explanation;
import io.helix.api.control.ControlPlane.RoleReport;
import io.helix.api.control.ControlPlane.ThrottleReport;
import io.helix.api.control.ControlPlane.Waiting;
import io.helix.api.event.Channel;
import io.helix.api.event.Event;
import io.helix.api.event.EventBus;
import io.helix.api.event.StoredMessage;
import io.helix.api.policy.Decision;
import io.helix.api.policy.EntityRef;
import io.helix.api.recipe.Run;
import io.helix.api.rule.RuleKey;
import io.helix.api.rule.RuleMatcher;
import io.helix.api.situation.Hit;
import io.helix.api.situation.Situation;
import io.helix.api.store.Projection;
import io.helix.api.store.Projection.AuditEntry;
import io.helix.api.store.Projection.RunQuery;
import io.helix.runtime.access.Gate;
import io.helix.runtime.document.Catalog;
import io.helix.runtime.document.RoleDefinition;
import io.helix.runtime.document.RuleDefinition;
import io.helix.runtime.match.Triggering;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says why a rule fires or does not fire for a stored event, by playing the log around the event again with the code that
 * decides it live.
 */
public final class Explainer {
    /** How many messages around the event are played at the most. */
    private static final int MOST_MESSAGES = 200_000;

    private static final int MOST_WAITING = 20;
    private static final int MOST_RUNS = 20;
    private static final int MOST_REVISIONS = 20;

    private final Catalog catalog;
    private final RuleMatcher matcher;
    private final Memories memories;
    private final EventBus bus;
    private final Gate gate;
    private final Projection projection;
    private final InstantSource clock;

    public Explainer(
            Catalog catalog,
            RuleMatcher matcher,
            Memories memories,
            EventBus bus,
            Gate gate,
            Projection projection,
            InstantSource clock) {
        this.catalog = catalog;
        this.matcher = matcher;
        this.memories = memories;
        this.bus = bus;
        this.gate = gate;
        this.projection = projection;
        this.clock = clock;
    }

    /** @param message the stored event */
    public Explanation explain(String profile, StoredMessage message, String ruleName) {
        RuleDefinition rule = catalog.rule(new RuleKey(profile, ruleName))
                .orElseThrow(() ->
                        HelixException.notFound("rule '" + ruleName + "' does not exist in profile '" + profile + "'"));
        Arrival arrival = Arrival.of(message);
        Event event = arrival.event();
        if (event == null) {
            throw HelixException.invalid("message " + message.sequence() + " is not an event");
        }
        List<RoleReport> roles =
                RoleReports.of(rule, event, memories.facts(profile).apply(arrival.stored()), matcher);
        Why why = rehearse(rule, arrival, roles);
        AuditEntry decision = why.firing() == null ? null : decision(why.firing());
        boolean permitted = decision == null || decision.permitted();
        String key = roles.stream()
                .map(RoleReport::key)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
        return new Explanation(
                event.id(),
                ruleName,
                rule.revision(),
                why.firing() != null && permitted && asleep(rule).isEmpty(),
                asleep(rule).orElseGet(() -> summary(why, decision)),
                roles,
                why.where(),
                waiting(rule, key),
                throttle(rule, key).orElse(null),
                decision,
                runs(profile, ruleName, event, why.firing()));
    }

    /** Those of the event, and those of a match of which it is not the last event: a run names the last one. */
    private List<Run> runs(String profile, String rule, Event event, @Nullable Firing firing) {
        Map<String, Run> runs = new LinkedHashMap<>();
        projection
                .runs(profile, new RunQuery(null, rule, event.id(), null, null, MOST_RUNS))
                .items()
                .forEach(run -> runs.put(run.id(), run));
        if (firing != null) {
            ids(firing).stream()
                    .flatMap(id -> projection.findRun(profile, id).stream())
                    .forEach(run -> runs.putIfAbsent(run.id(), run));
        }
        return List.copyOf(runs.values());
    }

    /** Of the runs that a match has led to, also while the rule had an earlier revision. */
    private static Set<String> ids(Firing firing) {
        Set<String> ids = new LinkedHashSet<>();
        long newest = firing.rule().revision();
        for (long revision = newest; revision > Math.max(0, newest - MOST_REVISIONS); revision--) {
            for (int i = 0; i < firing.rule().then().size(); i++) {
                try {
                    ids.add(Triggering.id(firing, i, revision));
                } catch (HelixException e) {
                    // It cannot be told what the match is the same as, so nothing was triggered.
                }
            }
        }
        return ids;
    }

    /** Why the rule looks at no events at all; empty when it does. */
    private Optional<String> asleep(RuleDefinition rule) {
        if (!rule.enabled()) {
            return Optional.of("the rule is disabled");
        }
        return memories.suspension(rule).map(reason -> "the rule is suspended: " + reason);
    }

    private Why rehearse(RuleDefinition rule, Arrival arrival, List<RoleReport> roles) {
        Instant now = clock.instant();
        Instant from = arrival.stored().minus(rule.horizon());
        Instant until = earlier(now, arrival.stored().plus(rule.horizon()).plusSeconds(1));
        History history = new History();
        try (RuleMemory memory = memories.rehearsal(rule.key().profile(), history)) {
            memory.put(List.of(rule));
            if (!rule.remembers()) {
                memory.take(List.of(arrival));
            } else if (!play(memory, rule.key().profile(), from, until)) {
                return new Why(
                        null,
                        null,
                        "there are more than " + MOST_MESSAGES + " events in the time that matters; only the roles are"
                                + " explained");
            }
        }
        return Why.of(rule, arrival, roles, history, now);
    }

    /** False when there is too much to play. */
    private boolean play(RuleMemory memory, String profile, Instant from, Instant until) {
        long newest = bus.lastSequence(Channel.EVENTS, profile);
        int[] left = {MOST_MESSAGES};
        bus.read(Channel.EVENTS, profile, 1, from, newest, batch -> {
            List<Arrival> arrivals = batch.stream()
                    .filter(message -> !message.stored().isAfter(until))
                    .map(Arrival::of)
                    .toList();
            memory.take(arrivals);
            left[0] -= batch.size();
            return left[0] > 0 && arrivals.size() == batch.size();
        });
        memory.advance(until);
        return left[0] > 0;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private AuditEntry decision(Firing firing) {
        AuditEntry last = null;
        String profile = firing.rule().key().profile();
        for (RuleDefinition.Consequence then : firing.rule().then()) {
            Gate.Principal principal = Gate.rule(profile, firing.rule().key().name());
            Decision decision = gate.trigger(principal, profile, then.recipe(), firing.event());
            last = gate.audit(
                    principal.ref().toString(),
                    "triggerRecipe",
                    new EntityRef("Recipe", profile + "/" + then.recipe()),
                    decision,
                    firing.event().id());
            if (!decision.permitted()) {
                return last;
            }
        }
        return Objects.requireNonNull(last, "a rule without consequences");
    }

    private static String summary(Why why, @Nullable AuditEntry decision) {
        if (decision == null) {
            return why.summary();
        }
        return decision.permitted()
                ? why.summary() + "; " + decision.reason()
                : why.summary() + ", but policy forbids: " + decision.reason();
    }

    private List<Waiting> waiting(RuleDefinition rule, String key) {
        boolean keyed = rule.roles().stream().map(RoleDefinition::key).anyMatch(Objects::nonNull);
        return memories
                .keeper(rule.key().profile())
                .map(keeper -> keeper.remembered(rule.key().name()))
                .orElse(List.of())
                .stream()
                .filter(hit -> !keyed || hit.key().equals(key))
                .limit(MOST_WAITING)
                .map(hit -> waiting(rule, hit))
                .toList();
    }

    private static Waiting waiting(RuleDefinition rule, Hit hit) {
        String id = hit.event() instanceof Remembered remembered ? remembered.id() : "";
        return new Waiting(
                hit.alias(),
                hit.key(),
                id,
                hit.time(),
                hit.time().plus(wait(rule.situation(), hit.alias())).plus(rule.lateness()));
    }

    /** How long an event in a role waits for the next, at the most. */
    private static Duration wait(Situation situation, String alias) {
        return situation instanceof Situation.Sequence sequence
                ? wait(sequence, sequence.aliases().indexOf(alias))
                : situation.span();
    }

    private static Duration wait(Situation.Sequence sequence, int place) {
        Duration span = sequence.span();
        List<Situation.Step> steps = sequence.steps();
        // What must not happen before an event counts for its own time; all others wait for what comes next.
        int first = steps.get(place).absent() ? place : place + 1;
        return steps.subList(first, steps.size()).stream()
                .filter(step -> step.within() != null || !step.absent())
                .findFirst()
                .map(Situation.Step::within)
                .filter(within -> within.compareTo(span) < 0)
                .orElse(span);
    }

    private Optional<ThrottleReport> throttle(RuleDefinition rule, String key) {
        if (rule.throttle() == null) {
            return Optional.empty();
        }
        Optional<MemoryKeeper.ThrottleView> gate = memories.keeper(rule.key().profile())
                .flatMap(keeper -> keeper.throttle(rule.key().name(), key));
        return Optional.of(new ThrottleReport(
                rule.throttle().word(),
                rule.throttle().perKey() ? key : "",
                gate.map(MemoryKeeper.ThrottleView::until).orElse(null),
                gate.map(MemoryKeeper.ThrottleView::held).orElse(0L)));
    }
}
