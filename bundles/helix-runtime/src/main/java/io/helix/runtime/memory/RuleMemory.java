package io.helix.runtime.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.api.expression.Evaluation;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.RuleKey;
import io.helix.api.rule.RuleMatcher;
import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import io.helix.api.situation.Situation;
import io.helix.api.situation.SituationEngine;
import io.helix.api.situation.SituationSession;
import io.helix.api.situation.SituationSession.Fault;
import io.helix.runtime.document.RoleDefinition;
import io.helix.runtime.document.RuleDefinition;
import io.helix.runtime.document.RuleDefinition.OnRuleChange;
import io.helix.runtime.document.RuleDefinition.RuleClock;
import io.helix.runtime.document.ThrottleDefinition;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the rules of a profile remember, and what they make of the next event. A pure function of the log: the same rules
 * and the same arrivals give the same firings, whenever and how often they are played. Used live, to rebuild itself after a
 * restart, and to rehearse rules in tests and on past events. One thread at a time.
 *
 * <p>An event goes through three stages. An index finds the roles that it may play, and conditions on the event alone and
 * its key make a {@link Hit} of it. Hits of rules with the clock of events wait until no earlier one can come. The session
 * brings hits together to matches, and the throttle of the rule lets a match fire, drops or collects it.
 */
final class RuleMemory implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RuleMemory.class);
    private static final int MAX_SCALE = 400;

    /** A hit that waits for its turn. */
    record Pending(Instant turn, Hit hit, long number) {
        static final Comparator<Pending> ORDER = Comparator.comparing(Pending::turn)
                .thenComparing((Pending pending) -> pending.hit().order())
                .thenComparing(Pending::number);
    }

    record Outcome(List<Firing> firings, List<GivenUp> givenUp) {
        /** For messages whose effects are done. */
        Outcome withoutFirings() {
            return new Outcome(List.of(), givenUp);
        }
    }

    /** A rule that took too much; it is forgotten. */
    record GivenUp(RuleDefinition rule, String reason) {}

    /** Counted since this memory was made. */
    static final class Counts {
        long fired;
        long throttled;
        long late;

        @Nullable
        Instant lastFired;
    }

    private record Role(RuleDefinition rule, RoleDefinition role) {}

    private final String namespace;
    private final SituationEngine engine;
    private final RuleMatcher matcher;
    private final int partitions;
    private final Views views;
    private final Function<Instant, ObjectNode> facts;
    private final Watcher watcher;
    private final CostGuard costs;
    private final Map<RuleKey, LongAdder> spent = new ConcurrentHashMap<>();
    private final Failures failures = new Failures();
    private final RuleSizes sizes = new RuleSizes();
    private final List<Fault> faults = new ArrayList<>();
    /** Found, but not fired yet: what is left when an event could not be looked up is for the next call. */
    private final Deque<Match> matches = new ArrayDeque<>();

    private final Deque<Throttles.Collected> collected = new ArrayDeque<>();
    private final List<Firing> fired = new ArrayList<>();
    private boolean guarded = true;
    private boolean restoring;
    private final Runnable closed;

    private final Map<String, RuleDefinition> rules = new TreeMap<>();
    private final Map<String, Role> roles = new HashMap<>();
    private final Map<String, Counts> counts = new HashMap<>();
    private final PriorityQueue<Pending> pending = new PriorityQueue<>(Pending.ORDER);
    private Throttles throttles = new Throttles();
    private SituationSession session;
    private Instant clock = Instant.EPOCH;
    private long sequence;
    private long numbers;

    /** Sees what happens inside, to explain it. */
    interface Watcher {
        Watcher NONE = new Watcher() {};

        default void hit(Hit hit) {}

        default void late(Hit hit) {}

        /** A match whose condition on several events was evaluated; may be called from several threads. */
        default void candidate(Match match, ObjectNode facts, Evaluation where) {}

        default void match(Match match, boolean fires) {}

        default void fired(Firing firing) {}
    }

    /**
     * @param namespace of the patterns in the matcher; nobody else may use it
     * @param log finds an event again by its place in the log
     * @param facts what held at a time
     * @param closed called when this memory is closed
     */
    RuleMemory(
            String namespace,
            SituationEngine engine,
            RuleMatcher matcher,
            int partitions,
            LongFunction<Optional<Event>> log,
            Function<Instant, ObjectNode> facts,
            CostGuard costs,
            Watcher watcher,
            Runnable closed) {
        this.namespace = namespace;
        this.engine = engine;
        this.matcher = matcher;
        this.partitions = partitions;
        this.views = new Views(log);
        this.facts = facts;
        this.costs = costs;
        this.watcher = watcher;
        this.closed = closed;
        this.session = open();
    }

    private SituationSession open() {
        return engine.open(partitions, SituationEngine.Limits.DEFAULT);
    }

    // --- rules

    /** Adds rules or changes them, each as it says itself. */
    void put(Collection<RuleDefinition> changed) {
        Map<RuleKey, Pattern> patterns = new HashMap<>();
        forgetRoles(changed.stream().map(rule -> rule.key().name()).toList());
        for (RuleDefinition rule : changed) {
            String name = rule.key().name();
            RuleDefinition before = rules.get(name);
            if (before != null) {
                forgetState(before, rule);
            }
            rules.put(name, rule);
            for (RoleDefinition role : rule.roles()) {
                roles.put(roleName(name, role.alias()), new Role(rule, role));
                patterns.put(new RuleKey(namespace, roleName(name, role.alias())), role.indexed());
            }
            begin(session, rule);
            if (before != null) {
                keepEvents(session.retained(name));
            }
        }
        matcher.put(patterns);
    }

    /** A changed rule may look at events that it did not look at before. */
    private void keepEvents(List<Hit> hits) {
        for (Hit hit : hits) {
            RuleDefinition rule = rules.get(hit.rule());
            if (rule != null && rule.keepsEvent(hit.alias())) {
                views.keep(hit);
            }
        }
    }

    private void forgetState(RuleDefinition before, RuleDefinition after) {
        String name = before.key().name();
        boolean otherTimes = !before.lateness().equals(after.lateness()) || before.clock() != after.clock();
        if (after.onRuleChange() == OnRuleChange.DROP || otherTimes) {
            session.remove(name);
            pending.removeIf(waiting -> waiting.hit().rule().equals(name));
            throttles.remove(name);
            sizes.forget(name);
        } else if (!java.util.Objects.equals(before.throttle(), after.throttle())) {
            throttles.remove(name);
        }
    }

    private void begin(SituationSession with, RuleDefinition rule) {
        with.put(rule.key().name(), rule.situation(), rule.lateness(), match -> passes(rule, match));
    }

    private boolean passes(RuleDefinition rule, Match match) {
        if (rule.where() == null) {
            return true;
        }
        if (restoring && !(rule.situation() instanceof Situation.Aggregate)) {
            // What waits together was refused when it came, or it would not wait.
            return false;
        }
        long begun = costs.now();
        ObjectNode held = facts.apply(due(match));
        Evaluation evaluation = rule.where().evaluate(Views.ofMatch(rule, match, match.time(), held));
        if (guarded && CostGuard.endless(charge(rule, begun))) {
            throw new IllegalStateException(CostGuard.reason());
        }
        watcher.candidate(match, held, evaluation);
        countIfFailed(rule, evaluation);
        return evaluation.isTrue();
    }

    private void countIfFailed(RuleDefinition rule, Evaluation evaluation) {
        if (evaluation instanceof Evaluation.Failed(String message) && !restoring) {
            failures.add(rule, message);
        }
    }

    /** What the rule took for the events of this call. */
    private long charge(RuleDefinition rule, long begun) {
        LongAdder sum = spent.computeIfAbsent(rule.key(), key -> new LongAdder());
        sum.add(costs.since(begun));
        return sum.sum();
    }

    /** Forgets rules and all that they remember. */
    void remove(Collection<String> names) {
        forgetRoles(names);
        Set<String> gone = Set.copyOf(names);
        pending.removeIf(waiting -> gone.contains(waiting.hit().rule()));
        for (String name : gone) {
            RuleDefinition rule = rules.remove(name);
            if (rule != null) {
                session.remove(name);
                throttles.remove(name);
                counts.remove(name);
                failures.forget(rule);
                sizes.forget(name);
            }
        }
    }

    private void forgetRoles(Collection<String> names) {
        List<RuleKey> keys = names.stream()
                .flatMap(name -> Stream.ofNullable(rules.get(name)))
                .flatMap(rule -> rule.roles().stream()
                        .map(role -> new RuleKey(namespace, roleName(rule.key().name(), role.alias()))))
                .toList();
        keys.forEach(key -> roles.remove(key.name()));
        if (!keys.isEmpty()) {
            matcher.remove(keys);
        }
    }

    private static String roleName(String rule, String alias) {
        return rule + "/" + alias;
    }

    Map<String, RuleDefinition> rules() {
        return Collections.unmodifiableMap(rules);
    }

    // --- events

    /** Takes the next messages of the log. Those that were taken before are left out. */
    Outcome take(List<Arrival> arrivals) {
        List<Remembered> fresh = new ArrayList<>();
        for (Arrival arrival : arrivals) {
            if (isNews(arrival)) {
                sequence = arrival.sequence();
                clock = arrival.stored().isAfter(clock) ? arrival.stored() : clock;
                if (arrival.event() != null) {
                    hits(arrival, arrival.event(), fresh);
                }
            }
        }
        Outcome outcome = advance(clock, Math.max(1, arrivals.size()));
        fresh.forEach(Remembered::letGo);
        return outcome;
    }

    /** A log that was emptied and begun anew counts from 1 again, but its time does not go back. */
    private boolean isNews(Arrival arrival) {
        return arrival.sequence() > sequence || arrival.stored().isAfter(clock);
    }

    /** Lets time pass without an event. */
    Outcome advance(Instant now) {
        return advance(now, 1);
    }

    /** @param events how many led to it */
    private Outcome advance(Instant now, int events) {
        clock = now.isAfter(clock) ? now : clock;
        List<Hit> hits = new ArrayList<>();
        for (Pending next = pending.peek(); next != null && !next.turn().isAfter(clock); next = pending.peek()) {
            pending.remove();
            sizes.waitsNoMore(next.hit());
            hits.add(next.hit());
        }
        SituationSession.Outcome found = session.offer(hits, clock);
        found.matches().stream().sorted(Comparator.comparing(this::due)).forEach(matches::add);
        faults.addAll(found.faults());
        fire();
        overfull();
        tooDear(events);
        Outcome outcome = new Outcome(List.copyOf(fired), giveUp());
        fired.clear();
        return outcome;
    }

    /** When a match is made, by the clock of the log. */
    private Instant due(Match match) {
        RuleDefinition rule = rules.get(match.rule());
        return rule == null ? match.time() : match.time().plus(rule.lateness());
    }

    private void tooDear(int events) {
        spent.forEach((rule, sum) -> {
            if (guarded && costs.exceeds(rule, sum.sum(), events)) {
                faults.add(new Fault(rule.name(), CostGuard.reason()));
            }
        });
        spent.clear();
    }

    /** Whether rules are given up when they take long; playing many events in little time says nothing of that. */
    void guard(boolean on) {
        guarded = on;
    }

    private List<GivenUp> giveUp() {
        List<GivenUp> givenUp = new ArrayList<>();
        for (Fault fault : faults) {
            RuleDefinition rule = rules.get(fault.rule());
            if (rule != null) {
                givenUp.add(new GivenUp(rule, fault.reason()));
                remove(List.of(fault.rule()));
            }
        }
        faults.clear();
        return givenUp;
    }

    private void hits(Arrival arrival, Event event, List<Remembered> fresh) {
        List<RuleKey> found = matcher.match(namespace, event);
        if (found.isEmpty()) {
            return;
        }
        JsonNode json = EventFormat.toJson(event);
        for (RuleKey key : found) {
            Role role = roles.get(key.name());
            if (role != null && !arrival.stored().isBefore(role.rule().looksFrom())) {
                guardedHit(role, arrival, event, json, fresh);
            }
        }
    }

    /** A rule that fails is given up; the others must not notice. */
    private void guardedHit(Role role, Arrival arrival, Event event, JsonNode json, List<Remembered> fresh) {
        String rule = role.rule().key().name();
        long begun = costs.now();
        try {
            hit(role, arrival, event, json, fresh);
        } catch (RuntimeException e) { // whatever an event brings about
            log.warn("rule fails rule={} event={}", role.rule().key(), event.id(), e);
            faults.add(new Fault(rule, Memories.failure(event, e)));
        }
        charge(role.rule(), begun);
    }

    private void hit(Role role, Arrival arrival, Event event, JsonNode json, List<Remembered> fresh) {
        RuleDefinition rule = role.rule();
        Map<String, JsonNode> view = Views.ofRole(rule, role.role(), json, facts.apply(arrival.stored()));
        Evaluation evaluation = role.role().evaluate(view);
        if (!evaluation.isTrue()) {
            countIfFailed(rule, evaluation);
            return;
        }
        String key = key(role.role(), view);
        Comparable<?> value = measured(rule, role.role(), view);
        if (key == null || role.role().measured() != null && value == null) {
            return;
        }
        boolean keep =
                rule.clock() == RuleClock.EVENT || rule.keepsEvent(role.role().alias());
        Remembered remembered = Remembered.of(arrival, event, keep);
        Instant time = time(rule, event);
        Hit hit = new Hit(rule.key().name(), role.role().alias(), key, time, arrival.sequence(), value, remembered);
        Instant turn = time.plus(rule.lateness());
        if (turn.isBefore(clock)) {
            count(rule).late++;
            watcher.late(hit);
            return;
        }
        fresh.add(remembered);
        watcher.hit(hit);
        pending.add(new Pending(turn, hit, numbers++));
        sizes.waits(hit);
        if (sizes.over(rule.key().name(), () -> remembered(rule.key().name()))) {
            faults.add(new Fault(rule.key().name(), sizes.reason()));
        }
    }

    /** An event cannot be from the future: a wrong clock elsewhere must not make time pass here. */
    private Instant time(RuleDefinition rule, Event event) {
        return switch (rule.clock()) {
            case ARRIVAL -> clock;
            case EVENT ->
                event.time().isAfter(clock) ? clock : event.time().truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
        };
    }

    /** Null when the event has no key although the rule asks for one. */
    static @Nullable String key(RoleDefinition role, Map<String, JsonNode> view) {
        if (role.key() == null) {
            return "";
        }
        if (role.key().expression().evaluate(view) instanceof Evaluation.Value(JsonNode value)) {
            String text = Keys.text(value);
            return text.isEmpty() ? null : text;
        }
        return null;
    }

    /** Null when there is nothing to measure, or nothing that the measure can take. */
    static @Nullable Comparable<?> measured(RuleDefinition rule, RoleDefinition role, Map<String, JsonNode> view) {
        if (role.measured() == null
                || !(rule.situation() instanceof Situation.Aggregate aggregate)
                || !(role.measured().evaluate(view) instanceof Evaluation.Value(JsonNode value))) {
            return null;
        }
        if (aggregate.measure() == Situation.Measure.DISTINCT) {
            String text = Keys.text(value);
            return text.isEmpty() ? null : text;
        }
        return value.isNumber() && !Keys.isNoNumber(value) ? bounded(value.decimalValue()) : null;
    }

    /** Sums of numbers of very different size take memory without end. */
    private static @Nullable BigDecimal bounded(BigDecimal number) {
        return Math.abs((long) number.scale()) <= MAX_SCALE && number.precision() <= MAX_SCALE ? number : null;
    }

    // --- matches

    private void fire() {
        for (Match match = matches.peek(); match != null; match = matches.peek()) {
            RuleDefinition rule = rules.get(match.rule());
            Instant due = due(match);
            if (rule != null) {
                collected(due);
                views.lookUp(rule, match);
            }
            matches.remove();
            if (rule != null) {
                fire(rule, match, due);
            }
        }
        collected(clock);
    }

    private void fire(RuleDefinition rule, Match match, Instant due) {
        boolean fires = rule.throttle() == null || throttles.admits(rule.throttle(), match, due);
        watcher.match(match, fires);
        if (fires) {
            Map<String, JsonNode> view = Views.ofMatch(rule, match, match.time(), facts.apply(due));
            firing(rule, match, due, match.key(), view, identity(rule, match));
        } else if (rule.throttle() != null && rule.throttle().mode() != ThrottleDefinition.Mode.ONCE_AFTER) {
            count(rule).throttled++;
        }
    }

    /** Fires what throttles have collected until then. */
    private void collected(Instant until) {
        collected.addAll(throttles.over(until));
        for (Throttles.Collected next = collected.peek(); next != null; next = collected.peek()) {
            RuleDefinition rule = rules.get(next.rule());
            if (rule != null) {
                next.matches().forEach(match -> views.lookUp(rule, match));
            }
            collected.remove();
            if (rule != null) {
                List<String> identity =
                        new ArrayList<>(identity(rule, next.matches().getFirst()));
                identity.add("collected");
                Map<String, JsonNode> view = Views.ofCollected(rule, next, facts.apply(next.due()));
                firing(rule, next.matches().getLast(), next.due(), next.key(), view, identity);
            }
        }
    }

    private void firing(
            RuleDefinition rule,
            Match match,
            Instant due,
            String key,
            Map<String, JsonNode> variables,
            List<String> identity) {
        Optional<Event> event = Views.event(match.last());
        if (event.isEmpty()) {
            log.warn(
                    "rule matched, but its event is kept no longer and nothing is triggered rule={} events={}",
                    rule.key(),
                    eventIds(match));
            return;
        }
        Counts counted = count(rule);
        counted.fired++;
        counted.lastFired = due;
        Firing firing = new Firing(rule, due, key, event.get(), variables, eventIds(match), identity);
        watcher.fired(firing);
        fired.add(firing);
    }

    private static List<String> eventIds(Match match) {
        return ordered(match).map(Remembered::id).toList();
    }

    private static Stream<Remembered> ordered(Match match) {
        return match.hits().values().stream()
                .sorted(Comparator.comparingLong(Hit::order))
                .map(Hit::event)
                .filter(Remembered.class::isInstance)
                .map(Remembered.class::cast);
    }

    /** The same for the same events in the same roles. */
    private static List<String> identity(RuleDefinition rule, Match match) {
        if (!rule.remembers()) {
            return ordered(match).map(Remembered::identity).toList();
        }
        List<String> identity = new ArrayList<>();
        new TreeMap<>(match.hits()).forEach((alias, hit) -> {
            identity.add(alias);
            identity.add(hit.event() instanceof Remembered remembered ? remembered.identity() : "");
        });
        Match.Measured aggregate = match.aggregate();
        if (aggregate != null) {
            identity.add(aggregate.from().toString());
        }
        return identity;
    }

    private void overfull() {
        throttles.overfull().forEach((rule, reason) -> faults.add(new Fault(rule, reason)));
    }

    private Counts count(RuleDefinition rule) {
        return counts.computeIfAbsent(rule.key().name(), name -> new Counts());
    }

    // --- what it knows

    /** Forgets what it counted while it took messages that had been handled before. */
    void countAnew() {
        counts.clear();
        failures.clear();
    }

    Counts counts(String rule) {
        return counts.getOrDefault(rule, new Counts());
    }

    /** What could not be evaluated since this memory was made, as with {@link Counts}. */
    Failures.Failed failed(RuleDefinition rule) {
        return failures.of(rule);
    }

    Instant clock() {
        return clock;
    }

    /** Of the last message taken. */
    long sequence() {
        return sequence;
    }

    /** When something could happen although no event comes; empty when nothing could. */
    Optional<Instant> nextDeadline() {
        return Stream.of(
                        session.nextDeadline(),
                        throttles.next(),
                        Optional.ofNullable(pending.peek()).map(Pending::turn))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    /** What a rule remembers, oldest first; what waits for its turn included. */
    List<Hit> remembered(String rule) {
        List<Hit> hits = new ArrayList<>(session.retained(rule));
        pending.stream()
                .sorted(Pending.ORDER)
                .map(Pending::hit)
                .filter(hit -> hit.rule().equals(rule))
                .forEach(hits::add);
        return hits;
    }

    long rememberedCount(String rule) {
        return session.retainedCount(rule) + sizes.waiting(rule);
    }

    long rememberedCount() {
        return session.retainedCount() + pending.size();
    }

    Throttles.@Nullable Gate gate(String rule, String key) {
        RuleDefinition definition = rules.get(rule);
        boolean perKey = definition != null
                && definition.throttle() != null
                && definition.throttle().perKey();
        return throttles.find(rule, perKey ? key : "");
    }

    // --- keeping it

    /** Leaves out what is older; for a memory that is as it would be after the message {@code last}. */
    void skipTo(long last) {
        sequence = Math.max(sequence, last);
    }

    /** Whether all that was found has fired, so that {@link #state} is all there is. */
    boolean settled() {
        return matches.isEmpty() && collected.isEmpty() && fired.isEmpty();
    }

    /** All that is needed to go on later. */
    record State(
            long sequence,
            Instant clock,
            Map<String, Form> rules,
            List<Hit> hits,
            List<Hit> pending,
            List<Throttles.Gate> gates) {}

    /** What of a rule decides whether another revision of it can go on with what it remembers. */
    record Form(long revision, String times, String throttle) {
        static Form of(RuleDefinition rule) {
            return new Form(rule.revision(), rule.clock() + " " + rule.lateness(), String.valueOf(rule.throttle()));
        }

        boolean remembersFor(RuleDefinition rule) {
            return revision == rule.revision()
                    || rule.onRuleChange() != OnRuleChange.DROP && times.equals(of(rule).times());
        }
    }

    State state() {
        Map<String, Form> forms = new TreeMap<>();
        rules.forEach((name, rule) -> forms.put(name, Form.of(rule)));
        return new State(
                sequence,
                clock,
                forms,
                session.retained(),
                pending.stream().sorted(Pending.ORDER).map(Pending::hit).toList(),
                throttles.all());
    }

    /**
     * Takes the place of what is remembered. Hits and throttles of rules that are not there, or that cannot go on with them,
     * are left out.
     */
    void restore(State state) {
        Map<String, Form> kept = new TreeMap<>();
        state.rules().forEach((name, form) -> {
            RuleDefinition rule = rules.get(name);
            if (rule != null && form.remembersFor(rule)) {
                kept.put(name, form);
            }
        });
        session.close();
        session = open();
        rules.values().forEach(rule -> begin(session, rule));
        List<Hit> hits = state.hits().stream()
                .filter(hit -> kept.containsKey(hit.rule()) && hasRole(hit))
                .toList();
        keepEvents(hits);
        restoring = true;
        faults.addAll(session.offer(hits, state.clock()).faults());
        restoring = false;
        pending.clear();
        sizes.clear();
        state.pending().stream()
                .filter(hit -> kept.containsKey(hit.rule()) && hasRole(hit))
                .forEach(hit -> {
                    pending.add(new Pending(turn(hit), hit, numbers++));
                    sizes.waits(hit);
                });
        throttles = new Throttles();
        state.gates().stream()
                .filter(gate -> kept.containsKey(gate.rule) && sameThrottle(kept, gate.rule))
                .forEach(throttles::restore);
        clock = state.clock();
        sequence = state.sequence();
    }

    private boolean sameThrottle(Map<String, Form> kept, String name) {
        RuleDefinition rule = rules.get(name);
        Form form = kept.get(name);
        return rule != null
                && form != null
                && form.throttle().equals(Form.of(rule).throttle());
    }

    private boolean hasRole(Hit hit) {
        return roles.containsKey(roleName(hit.rule(), hit.alias()));
    }

    private Instant turn(Hit hit) {
        RuleDefinition rule = rules.get(hit.rule());
        return rule == null ? hit.time() : hit.time().plus(rule.lateness());
    }

    /** Takes over what {@code other} remembers of its rules, which are rules of this memory too; both have the same clock. */
    void adopt(RuleMemory other) {
        State mine = state();
        State theirs = other.state();
        Set<String> replaced = other.rules.keySet();
        List<Hit> hits = Stream.concat(
                        mine.hits().stream().filter(hit -> !replaced.contains(hit.rule())), theirs.hits().stream())
                .sorted(Comparator.comparing(this::turn).thenComparing(Hit::order))
                .toList();
        List<Hit> waiting = Stream.concat(
                        mine.pending().stream().filter(hit -> !replaced.contains(hit.rule())),
                        theirs.pending().stream())
                .toList();
        List<Throttles.Gate> gates = Stream.concat(
                        mine.gates().stream().filter(gate -> !replaced.contains(gate.rule)), theirs.gates().stream())
                .toList();
        Instant later = mine.clock().isAfter(theirs.clock()) ? mine.clock() : theirs.clock();
        restore(new State(mine.sequence(), later, mine.rules(), hits, waiting, gates));
    }

    @Override
    public void close() {
        remove(List.copyOf(rules.keySet()));
        session.close();
        closed.run();
    }
}
