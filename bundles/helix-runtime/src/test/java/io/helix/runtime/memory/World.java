package io.helix.runtime.memory;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.event.Channel;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.api.event.Message;
import io.helix.api.recipe.Trigger;
import io.helix.api.situation.SituationEngine;
import io.helix.runtime.access.Gate;
import io.helix.runtime.document.Catalog;
import io.helix.runtime.document.RuleDefinition;
import io.helix.runtime.fact.Facts;
import io.helix.runtime.journal.Journal;
import io.helix.runtime.journal.LiveFeed;
import io.helix.runtime.match.TriggerFormat;
import io.helix.runtime.match.Triggering;
import io.helix.sdk.testing.agent.ManualClock;
import io.helix.sdk.testing.bus.InMemoryEventBus;
import io.helix.sdk.testing.policy.ScriptedAuthorizer;
import io.helix.sdk.testing.rule.PlainRuleMatcher;
import io.helix.sdk.testing.situation.PlainSituationEngine;
import io.helix.sdk.testing.store.InMemoryStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Memories with all that is around them, in virtual time: mesh, store, and a server that is stopped, killed and started. */
final class World implements AutoCloseable {
    static final String PROFILE = "default";

    final ManualClock clock = new ManualClock();
    final InMemoryEventBus bus = new InMemoryEventBus(new Watch(clock), Duration.ZERO);
    final InMemoryStore store = new InMemoryStore();
    final Facts facts = new Facts(store.agentStates(), clock);
    final Catalog catalog = new Catalog();
    private final Optional<Path> home;
    private final SituationEngine engine;
    private final ManualAlarms alarms = new ManualAlarms();
    Memories memories;
    private int events;

    World(Optional<Path> home) {
        this(home, new PlainSituationEngine());
    }

    World(Optional<Path> home, SituationEngine engine) {
        this.home = home;
        this.engine = engine;
        bus.provision(PROFILE);
        catalog.addProfile(PROFILE);
        memories = make();
        memories.start(PROFILE);
        memories.reconcile(PROFILE);
    }

    private Memories make() {
        LiveFeed live = new LiveFeed(clock);
        ScriptedAuthorizer authorizer = new ScriptedAuthorizer();
        authorizer.permitAll();
        Gate gate = new Gate(authorizer, new Journal(bus, live), clock);
        return new Memories(
                bus,
                engine,
                new PlainRuleMatcher(),
                catalog,
                store.agentStates(),
                facts,
                new Triggering(bus, gate, live, clock),
                clock,
                home,
                new CostGuard(),
                alarms);
    }

    /** Applies a rule; it looks at events from now on, or from when it was first there. */
    void apply(String yaml, long revision) {
        RuleDefinition rule = Rules.read(yaml, revision).getFirst();
        Instant since = catalog.birth(rule.key()).orElse(clock.instant());
        boolean drops = rule.onRuleChange() == RuleDefinition.OnRuleChange.DROP;
        catalog.put(rule.since(drops ? clock.instant() : since));
        memories.reconcile(PROFILE);
    }

    /** Publishes an event now and waits until it is handled. */
    void publish(String type, String data) {
        send(type, data);
        bus.awaitQuiescence();
    }

    void send(String type, String data) {
        JsonNode json = EventFormat.parse(data.getBytes(StandardCharsets.UTF_8));
        events++;
        Event event = new Event("e" + events, "/world", type, null, clock.instant(), Map.of(), json);
        bus.publish(new Message(
                        Channel.EVENTS, PROFILE, type, "k", event.identity(), Map.of(), EventFormat.write(event)))
                .toCompletableFuture()
                .join();
    }

    /** Lets time pass, alarm by alarm. */
    void pass(Duration time) {
        Instant until = clock.instant().plus(time);
        for (Optional<Instant> next = alarms.next();
                next.isPresent() && !next.get().isAfter(until);
                next = alarms.next()) {
            if (next.get().isAfter(clock.instant())) {
                clock.set(next.get());
            }
            alarms.ring(clock.instant());
            bus.awaitQuiescence();
        }
        clock.set(until);
    }

    /** Time passes while nothing runs. */
    void passUnseen(Duration time) {
        alarms.silence();
        clock.advance(time);
    }

    /** Whoever ran before gets nothing more and writes nothing more. */
    void kill() {
        alarms.silence();
    }

    void stop() {
        memories.close();
    }

    void start() {
        memories = make();
        memories.start(PROFILE);
        memories.reconcile(PROFILE);
        bus.awaitQuiescence();
    }

    List<Trigger> triggers() {
        return bus.messages(Channel.TRIGGERS, PROFILE).stream()
                .map(message -> TriggerFormat.read(PROFILE, message.body()))
                .toList();
    }

    @Override
    public void close() {
        memories.close();
        bus.close();
    }

    /** Rings when it is told. */
    private static final class ManualAlarms implements Alarms {
        private record Set(Instant when, Runnable call) {}

        private final List<Set> set = new ArrayList<>();

        @Override
        public synchronized Alarm at(Instant when, Runnable call) {
            Set alarm = new Set(when, call);
            set.add(alarm);
            return () -> cancel(alarm);
        }

        private synchronized void cancel(Set alarm) {
            set.remove(alarm);
        }

        synchronized Optional<Instant> next() {
            return set.stream().map(Set::when).min(Instant::compareTo);
        }

        void ring(Instant now) {
            due(now).forEach(alarm -> alarm.call().run());
        }

        private synchronized List<Set> due(Instant now) {
            List<Set> due =
                    set.stream().filter(alarm -> !alarm.when().isAfter(now)).toList();
            set.removeAll(due);
            return due;
        }

        synchronized void silence() {
            set.clear();
        }

        @Override
        public void close() {}
    }

    /** The clock that the mesh reads. */
    private static final class Watch extends Clock {
        private final ManualClock clock;

        Watch(ManualClock clock) {
            this.clock = clock;
        }

        @Override
        public Instant instant() {
            return clock.instant();
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
