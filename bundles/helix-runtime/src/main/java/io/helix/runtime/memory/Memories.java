package io.helix.runtime.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.Health;
import io.helix.api.HealthCheck;
import io.helix.api.HelixException;
import io.helix.api.event.Channel;
import io.helix.api.event.Event;
import io.helix.api.event.EventBus;
import io.helix.api.event.EventFormat;
import io.helix.api.event.Message;
import io.helix.api.rule.RuleMatcher;
import io.helix.api.situation.SituationEngine;
import io.helix.api.store.AgentStates;
import io.helix.runtime.document.Catalog;
import io.helix.runtime.document.RuleDefinition;
import io.helix.runtime.fact.Facts;
import io.helix.runtime.match.Triggering;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The memories of all profiles, and the rules that were given up. */
public final class Memories implements HealthCheck, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Memories.class);
    private static final int PARTITIONS =
            Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
    private static final int AT_ONCE = 8;
    private static final Duration STAGE_WAIT = Duration.ofSeconds(10);
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final EventBus bus;
    private final SituationEngine engine;
    private final RuleMatcher matcher;
    private final Catalog catalog;
    private final Suspensions suspensions;
    private final FiringCounts counts = new FiringCounts();
    private final Facts facts;
    private final InstantSource clock;
    private final Optional<Path> home;
    private final MemoryKeeper.Parts parts;
    private final Alarms alarms;
    private final CostGuard costs;
    private final Map<String, MemoryKeeper> keepers = new ConcurrentHashMap<>();
    private final Map<String, Health> states = new ConcurrentHashMap<>();
    private final AtomicLong rehearsals = new AtomicLong();
    private final Semaphore stage = new Semaphore(AT_ONCE);

    /** @param home where checkpoints are kept; empty: nowhere */
    public Memories(
            EventBus bus,
            SituationEngine engine,
            RuleMatcher matcher,
            Catalog catalog,
            AgentStates states,
            Facts facts,
            Triggering triggering,
            InstantSource clock,
            Optional<Path> home,
            CostGuard costs) {
        this(bus, engine, matcher, catalog, states, facts, triggering, clock, home, costs, new TimerAlarms(clock));
    }

    Memories(
            EventBus bus,
            SituationEngine engine,
            RuleMatcher matcher,
            Catalog catalog,
            AgentStates states,
            Facts facts,
            Triggering triggering,
            InstantSource clock,
            Optional<Path> home,
            CostGuard costs,
            Alarms alarms) {
        this.bus = bus;
        this.engine = engine;
        this.matcher = matcher;
        this.catalog = catalog;
        this.suspensions = new Suspensions(states);
        this.facts = facts;
        this.clock = clock;
        this.home = home;
        this.alarms = alarms;
        this.costs = costs;
        this.parts = new MemoryKeeper.Parts(bus, this::live, triggering, alarms, clock, this::suspend);
    }

    private RuleMemory live(String profile) {
        return memory(profile, PARTITIONS, facts(profile), costs, RuleMemory.Watcher.NONE, () -> {});
    }

    /** What held in a profile at a time. */
    Function<Instant, ObjectNode> facts(String profile) {
        return time -> facts.at(profile, time);
    }

    /**
     * A memory of its own for rules that are only tried; their events are looked up in the log of {@code profile}. To be
     * closed. UNAVAILABLE when too many are open: each may hold many events.
     */
    RuleMemory rehearsal(String profile, RuleMemory.Watcher watcher) {
        return rehearsal(profile, facts(profile), watcher);
    }

    /** With other facts. */
    RuleMemory rehearsal(String profile, Function<Instant, ObjectNode> supposed, RuleMemory.Watcher watcher) {
        try {
            if (!stage.tryAcquire(STAGE_WAIT.toSeconds(), TimeUnit.SECONDS)) {
                throw HelixException.unavailable("too many rules are being tried right now; try again shortly");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HelixException.unavailable("interrupted while waiting to try a rule");
        }
        return memory(profile, 1, supposed, new CostGuard(), watcher, stage::release);
    }

    private RuleMemory memory(
            String profile,
            int partitions,
            Function<Instant, ObjectNode> known,
            CostGuard guard,
            RuleMemory.Watcher watcher,
            Runnable closed) {
        String namespace = profile + "~" + rehearsals.incrementAndGet();
        try {
            return new RuleMemory(
                    namespace,
                    engine,
                    matcher,
                    partitions,
                    sequence -> event(profile, sequence),
                    known,
                    guard,
                    watcher,
                    closed);
        } catch (RuntimeException e) {
            closed.run();
            throw e;
        }
    }

    private Optional<Event> event(String profile, long sequence) {
        return bus.find(Channel.EVENTS, profile, sequence)
                .map(message -> EventFormat.read(message.body(), message.stored()));
    }

    // --- life

    /** Begins with the rules of a profile, on a thread of its own; see {@link #health()}. */
    public void start(String profile) {
        MemoryKeeper keeper = new MemoryKeeper(
                profile,
                parts,
                home.map(folder -> new Checkpoint(folder.resolve("memory").resolve(profile + ".checkpoint"))));
        if (keepers.putIfAbsent(profile, keeper) == null) {
            states.put(profile, new Health("memory", Health.State.STARTING, "rules are reading what they remember"));
            Thread.ofVirtual().name("helix-memory-" + profile).start(() -> reconcile(profile));
        }
    }

    /** Makes the memory follow the rules in the catalog; tried again later while that cannot be done. */
    public void reconcile(String profile) {
        MemoryKeeper keeper = keepers.get(profile);
        if (keeper == null) {
            return;
        }
        try {
            keeper.become(() -> wanted(profile));
            states.remove(profile);
        } catch (HelixException e) {
            again(profile, e.message());
        } catch (RuntimeException e) { // whatever a rule brings about
            log.error("rules cannot remember profile={}", profile, e);
            again(profile, e.toString());
        }
    }

    private void again(String profile, String reason) {
        states.put(profile, new Health("memory", Health.State.DEGRADED, "rules do not remember: " + reason));
        log.warn("rules do not remember, trying again profile={} reason={}", profile, reason);
        alarms.at(clock.instant().plus(AGAIN), () -> reconcile(profile));
    }

    private List<RuleDefinition> wanted(String profile) {
        List<RuleDefinition> wanted = new ArrayList<>();
        for (RuleDefinition rule : catalog.rules()) {
            boolean ours = rule.key().profile().equals(profile) && rule.enabled() && rule.remembers();
            if (ours && suspensions.reason(rule).isEmpty()) {
                wanted.add(rule);
            }
        }
        return wanted;
    }

    public void stop(String profile) {
        MemoryKeeper keeper = keepers.remove(profile);
        states.remove(profile);
        if (keeper != null) {
            keeper.close();
        }
    }

    @Override
    public void close() {
        List.copyOf(keepers.keySet()).forEach(this::stop);
        alarms.close();
    }

    @Override
    public Health health() {
        return states.values().stream()
                .findFirst()
                .orElseGet(() -> new Health("memory", Health.State.UP, "rules remember"));
    }

    // --- suspension

    /** Why a rule was given up at the revision that it has; empty when it was not. */
    public Optional<String> suspension(RuleDefinition rule) {
        return suspensions.reason(rule);
    }

    /** Lets a rule that was given up begin again. */
    public void resume(RuleDefinition rule) {
        boolean wasSuspended = suspensions.reason(rule).isPresent();
        suspensions.remove(rule);
        if (rule.remembers()) {
            reconcile(rule.key().profile());
        } else if (wasSuspended && rule.enabled()) {
            matcher.put(Map.of(rule.key(), rule.only().indexed()));
        }
    }

    /** Forgets how a rule did that is removed. */
    public void forget(RuleDefinition rule) {
        suspensions.remove(rule);
        counts.forget(rule);
    }

    /** How rules about one event do. */
    public FiringCounts counts() {
        return counts;
    }

    /** In nanoseconds, to measure what rules take. */
    public long now() {
        return costs.now();
    }

    /** Whether a rule was given up because of what its conditions took since {@code begun}, by {@link #now}. */
    public boolean tooDear(RuleDefinition rule, long begun) {
        if (!costs.exceeds(rule.key(), costs.since(begun), 1)) {
            return false;
        }
        suspend(rule, CostGuard.reason());
        return true;
    }

    /** Gives up a rule that failed with an event, which the next one of its kind would bring about again. */
    public void fails(RuleDefinition rule, Event event, RuntimeException cause) {
        log.warn("rule fails rule={} event={}", rule.key(), event.id(), cause);
        suspend(rule, failure(event, cause));
    }

    static String failure(Event event, RuntimeException cause) {
        return "it fails with event '" + event.id() + "': " + cause;
    }

    /** Gives a rule up: durable, and told by an event. Many events may bring it about at once; one tells. */
    public void suspend(RuleDefinition rule, String reason) {
        if (!suspensions.add(rule, reason, clock.instant())) {
            return;
        }
        log.warn(
                "rule suspended profile={} rule={} reason={}",
                rule.key().profile(),
                rule.key().name(),
                reason);
        boolean stillLive = catalog.rule(rule.key())
                .filter(live -> live.revision() == rule.revision())
                .isPresent();
        if (!rule.remembers() && stillLive) {
            matcher.remove(List.of(rule.key()));
        }
        announce(rule.key().profile(), rule, reason);
    }

    private void announce(String profile, RuleDefinition rule, String reason) {
        JsonNode data = JsonNodeFactory.instance
                .objectNode()
                .put("rule", rule.key().name())
                .put("revision", rule.revision())
                .put("reason", reason);
        Instant now = clock.instant();
        Event event = new Event(
                rule.key().name() + "-" + rule.revision() + "-" + now.toEpochMilli(),
                "/helix/rules",
                "helix.rule.suspended",
                rule.key().name(),
                now,
                Map.of(),
                data);
        Message message = new Message(
                Channel.EVENTS,
                profile,
                event.type(),
                rule.key().name(),
                event.identity(),
                Map.of(),
                EventFormat.write(event));
        bus.publish(message).whenComplete((receipt, failure) -> {
            if (failure != null) {
                log.warn(
                        "no event tells of a suspended rule profile={} rule={}",
                        profile,
                        rule.key().name());
            }
        });
    }

    // --- what they know

    Optional<MemoryKeeper> keeper(String profile) {
        return Optional.ofNullable(keepers.get(profile));
    }
}
