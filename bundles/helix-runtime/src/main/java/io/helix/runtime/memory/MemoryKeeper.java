package io.helix.runtime.memory;

import io.helix.api.HelixException;
import io.helix.api.event.Channel;
import io.helix.api.event.EventBus;
import io.helix.api.event.StoredMessage;
import io.helix.api.recipe.Trigger;
import io.helix.api.situation.Hit;
import io.helix.runtime.document.RuleDefinition;
import io.helix.runtime.document.RuleDefinition.OnRuleChange;
import io.helix.runtime.match.Triggering;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the memory of one profile alive. Its durable consumer reads the events in order; a batch is acknowledged when all
 * triggers that came of it are stored. So the place of the consumer says which effects are done, and everything remembered
 * can be made again from the log up to there, without effects. A checkpoint makes that short.
 *
 * <p>Rules change between two batches, under the same lock.
 */
final class MemoryKeeper implements AutoCloseable {
    static final String CONSUMER = "memory";

    private static final Logger log = LoggerFactory.getLogger(MemoryKeeper.class);
    private static final int BATCH = 256;
    private static final Duration PUBLISH = Duration.ofSeconds(30);
    private static final Duration TICK_AGAIN = Duration.ofSeconds(2);
    private static final Duration TICKS_APART = Duration.ofMillis(100);
    private static final int MOST_LOOKED_BACK = 10_000;
    private static final long MESSAGES_BETWEEN_CHECKPOINTS = 100_000;

    /** What keepers of all profiles share. */
    record Parts(
            EventBus bus,
            Function<String, RuleMemory> memories,
            Triggering triggering,
            Alarms alarms,
            InstantSource clock,
            BiConsumer<RuleDefinition, String> suspend) {}

    private final String profile;
    private final Parts parts;
    private final Optional<Checkpoint> checkpoint;
    private final Instant started;
    /** What came of messages that were taken and is still to be done, in this order, if need be with the next try. */
    private final Deque<Firing> firings = new ArrayDeque<>();

    private final Deque<RuleMemory.GivenUp> givenUp = new ArrayDeque<>();
    private final List<Trigger> outbox = new ArrayList<>();
    private @Nullable RuleMemory memory;
    private EventBus.@Nullable Subscription subscription;
    private Alarms.@Nullable Alarm alarm;
    private long checkpointed;
    private boolean closed;

    MemoryKeeper(String profile, Parts parts, Optional<Checkpoint> checkpoint) {
        this.profile = profile;
        this.parts = parts;
        this.checkpoint = checkpoint;
        this.started = parts.clock().instant();
    }

    // --- rules

    /** Makes these the rules that are remembered for. They are asked for when nothing else can change them any more. */
    synchronized void become(Supplier<Collection<RuleDefinition>> rules) {
        if (closed) {
            return;
        }
        Collection<RuleDefinition> wanted = rules.get();
        RuleMemory current = memory;
        if (wanted.isEmpty()) {
            if (current != null) {
                end(current);
            }
        } else if (current == null) {
            begin(wanted);
        } else {
            change(current, wanted);
        }
    }

    private void begin(Collection<RuleDefinition> wanted) {
        RuleMemory fresh = parts.memories().apply(profile);
        List<RuleDefinition> unknown;
        try {
            fresh.put(wanted);
            unknown = recover(fresh);
        } catch (RuntimeException e) {
            fresh.close();
            throw e;
        }
        memory = fresh;
        lookBack(fresh, unknown);
        subscription = parts.bus().consumeInOrder(Channel.EVENTS, profile, CONSUMER, BATCH, this::handle);
        saveCheckpoint(fresh);
        setAlarm(fresh);
    }

    /** Without rules nothing is read, so that events cost nothing. */
    private void end(RuleMemory current) {
        stopReading();
        current.close();
        memory = null;
        try {
            parts.bus().forget(Channel.EVENTS, profile, CONSUMER);
            if (checkpoint.isPresent()) {
                checkpoint.get().delete();
            }
        } catch (HelixException | IOException e) {
            log.warn("the memory of the rules was not cleared profile={} reason={}", profile, e.getMessage());
        }
    }

    private void change(RuleMemory current, Collection<RuleDefinition> wanted) {
        Map<String, RuleDefinition> before = Map.copyOf(current.rules());
        Map<String, RuleDefinition> after = new HashMap<>();
        wanted.forEach(rule -> after.put(rule.key().name(), rule));
        List<RuleDefinition> changed = after.values().stream()
                .filter(rule -> !rule.equals(before.get(rule.key().name())))
                .toList();
        List<String> gone = before.keySet().stream()
                .filter(name -> !after.containsKey(name))
                .toList();
        if (changed.isEmpty() && gone.isEmpty()) {
            return;
        }
        current.remove(gone);
        current.put(changed);
        List<RuleDefinition> again = changed.stream()
                .filter(rule -> before.containsKey(rule.key().name()))
                .filter(rule -> rule.onRuleChange() == OnRuleChange.RE_EVALUATE)
                .toList();
        if (!again.isEmpty()) {
            reEvaluate(current, again);
        }
        lookBack(
                current,
                changed.stream()
                        .filter(rule -> !before.containsKey(rule.key().name()))
                        .toList());
        saveCheckpoint(current);
        setAlarm(current);
    }

    /** What the rules would remember if they had always been as they are now. */
    private void reEvaluate(RuleMemory current, List<RuleDefinition> rules) {
        try (RuleMemory anew = parts.memories().apply(profile)) {
            anew.put(rules);
            replay(anew, 1, horizon(current.clock(), rules), current.sequence());
            anew.advance(current.clock());
            current.adopt(anew);
        }
    }

    // --- recovery

    /** Returns the rules that are new to what is remembered. */
    private List<RuleDefinition> recover(RuleMemory fresh) {
        OptionalLong handled = parts.bus().handled(Channel.EVENTS, profile, CONSUMER);
        if (handled.isEmpty()) {
            long newest = parts.bus().lastSequence(Channel.EVENTS, profile);
            parts.bus().begin(Channel.EVENTS, profile, CONSUMER, newest + 1);
            rebuild(fresh, newest);
            return List.copyOf(fresh.rules().values());
        }
        Optional<RuleMemory.State> saved = readCheckpoint();
        if (saved.isPresent()) {
            fresh.restore(saved.get());
            replay(fresh, fresh.sequence() + 1, Instant.EPOCH, handled.getAsLong());
        } else {
            rebuild(fresh, handled.getAsLong());
        }
        log.info(
                "rules remember profile={} rules={} events={}",
                profile,
                fresh.rules().size(),
                fresh.rememberedCount());
        return saved.map(state -> unknown(fresh, state)).orElse(List.of());
    }

    private static List<RuleDefinition> unknown(RuleMemory fresh, RuleMemory.State state) {
        return fresh.rules().values().stream()
                .filter(rule -> !state.revisions().containsKey(rule.key().name()))
                .toList();
    }

    /** New rules that are asked to take the events before them too: they fire for what they find there. */
    private void lookBack(RuleMemory current, List<RuleDefinition> fresh) {
        List<RuleDefinition> asked =
                fresh.stream().filter(rule -> !rule.lookBack().isZero()).toList();
        if (asked.isEmpty()) {
            return;
        }
        Instant from = asked.stream()
                .map(rule -> parts.clock().instant().minus(rule.lookBack()))
                .min(Comparator.naturalOrder())
                .orElseThrow();
        try (RuleMemory past = parts.memories().apply(profile)) {
            past.put(asked);
            parts.bus().read(Channel.EVENTS, profile, 1, from, current.sequence(), batch -> {
                firings.addAll(
                        past.take(batch.stream().map(Arrival::of).toList()).firings());
                return firings.size() <= MOST_LOOKED_BACK;
            });
            firings.addAll(past.advance(current.clock()).firings());
            current.adopt(past);
        }
        trigger();
        send();
    }

    private Optional<RuleMemory.State> readCheckpoint() {
        try {
            return checkpoint.isEmpty() ? Optional.empty() : checkpoint.get().read();
        } catch (IOException e) {
            log.warn("{} is not used, the log is read again: {}", checkpoint.get(), e.getMessage());
            return Optional.empty();
        }
    }

    /** From the log alone: all that a rule could still depend on. */
    private void rebuild(RuleMemory fresh, long until) {
        Instant now = parts.bus()
                .find(Channel.EVENTS, profile, until)
                .map(StoredMessage::stored)
                .orElseGet(parts.clock()::instant);
        replay(fresh, 1, horizon(now, fresh.rules().values()), until);
        fresh.skipTo(until);
    }

    private static Instant horizon(Instant now, Collection<RuleDefinition> rules) {
        return rules.stream()
                .map(rule -> later(now.minus(rule.horizon()), rule.looksFrom()))
                .min(Comparator.naturalOrder())
                .orElse(now);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    /** Takes a part of the log again, whose effects are done. */
    private void replay(RuleMemory into, long first, Instant notBefore, long last) {
        parts.bus().read(Channel.EVENTS, profile, first, notBefore, last, batch -> {
            givenUp.addAll(into.take(batch.stream().map(Arrival::of).toList()).givenUp());
            suspend();
            return true;
        });
    }

    // --- events

    private synchronized void handle(List<StoredMessage> batch) {
        RuleMemory current = memory;
        if (current == null || closed) {
            throw HelixException.unavailable("the rules of profile '" + profile + "' are being stopped");
        }
        RuleMemory.Outcome outcome =
                current.take(batch.stream().map(Arrival::of).toList());
        firings.addAll(outcome.firings());
        givenUp.addAll(outcome.givenUp());
        trigger();
        suspend();
        send();
        if (current.sequence() - checkpointed >= MESSAGES_BETWEEN_CHECKPOINTS) {
            saveCheckpoint(current);
        }
        setAlarm(current);
    }

    private void trigger() {
        for (Firing firing = firings.peek(); firing != null; firing = firings.peek()) {
            outbox.addAll(parts.triggering().triggers(firing, firing.due().isBefore(started)));
            firings.remove();
        }
    }

    private void suspend() {
        for (RuleMemory.GivenUp next = givenUp.peek(); next != null; next = givenUp.peek()) {
            parts.suspend().accept(next.rule(), next.reason());
            givenUp.remove();
        }
    }

    /** What is not stored when this fails is sent with the next try of the same batch. */
    private void send() {
        if (outbox.isEmpty()) {
            return;
        }
        CompletableFuture<?>[] sent = outbox.stream()
                .map(trigger -> parts.triggering().send(trigger).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(sent).get(PUBLISH.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HelixException.unavailable("interrupted while triggers were sent");
        } catch (ExecutionException | TimeoutException | CompletionException e) {
            throw HelixException.unavailable(outbox.size() + " triggers are not stored: " + e.getMessage());
        }
        outbox.clear();
    }

    // --- time

    private void setAlarm(RuleMemory current) {
        cancelAlarm();
        Instant soonest = parts.clock().instant().plus(TICKS_APART);
        current.nextDeadline()
                .map(deadline -> later(deadline.plusMillis(1), soonest))
                .ifPresent(when -> alarm = parts.alarms().at(when, this::tick));
    }

    private void cancelAlarm() {
        if (alarm != null) {
            alarm.cancel();
        }
        alarm = null;
    }

    /** If the tick is lost or comes too early by the clock of the log, the next one follows. */
    private synchronized void tick() {
        if (memory == null || closed) {
            return;
        }
        alarm = parts.alarms().at(parts.clock().instant().plus(TICK_AGAIN), this::tick);
        parts.bus().publish(Tick.message(profile)).whenComplete((receipt, failure) -> {
            if (failure != null) {
                log.debug("tick not stored profile={} reason={}", profile, failure.getMessage());
            }
        });
    }

    // --- checkpoints

    private void saveCheckpoint(RuleMemory current) {
        boolean settled = current.settled() && firings.isEmpty() && outbox.isEmpty();
        if (checkpoint.isEmpty() || !settled) {
            return;
        }
        try {
            checkpoint.get().write(current.state());
            checkpointed = current.sequence();
        } catch (IOException e) {
            log.warn("{} cannot be written, a start will take longer: {}", checkpoint.get(), e.toString());
            checkpointed = current.sequence();
        }
    }

    // --- what it knows

    synchronized RuleMemory.Counts counts(String rule) {
        return memory == null ? new RuleMemory.Counts() : memory.counts(rule);
    }

    synchronized List<Hit> remembered(String rule) {
        return memory == null ? List.of() : memory.remembered(rule);
    }

    synchronized Optional<ThrottleView> throttle(String rule, String key) {
        Throttles.Gate gate = memory == null ? null : memory.gate(rule, key);
        return gate == null ? Optional.empty() : Optional.of(ThrottleView.of(gate));
    }

    /** A throttle at one time. */
    record ThrottleView(Instant until, long held) {
        static ThrottleView of(Throttles.Gate gate) {
            return new ThrottleView(gate.until, gate.fired.isEmpty() ? gate.count : gate.fired.size());
        }
    }

    private void stopReading() {
        cancelAlarm();
        if (subscription != null) {
            subscription.close();
        }
        subscription = null;
    }

    @Override
    public synchronized void close() {
        closed = true;
        stopReading();
        RuleMemory current = memory;
        if (current != null) {
            saveCheckpoint(current);
            current.close();
        }
        memory = null;
    }
}
