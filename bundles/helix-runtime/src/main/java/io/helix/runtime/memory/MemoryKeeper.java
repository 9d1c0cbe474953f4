package io.helix.runtime.memory;

import io.helix.api.HelixException;
import io.helix.api.event.Channel;
import io.helix.api.event.EventBus;
import io.helix.api.event.StoredMessage;
import io.helix.api.situation.Hit;
import io.helix.runtime.document.RuleDefinition;
import io.helix.runtime.document.RuleDefinition.OnRuleChange;
import io.helix.runtime.match.Triggering;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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
    private static final Duration TICK_AGAIN = Duration.ofSeconds(2);
    private static final Duration TICKS_APART = Duration.ofMillis(100);
    private static final Duration SAVED_AFTER = Duration.ofSeconds(5);
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
    private final Effects effects;
    private @Nullable RuleMemory memory;
    private EventBus.@Nullable Subscription subscription;
    private Alarms.@Nullable Alarm alarm;
    private Alarms.@Nullable Alarm saving;
    private long checkpointed;
    private boolean cleared;
    private boolean closed;

    MemoryKeeper(String profile, Parts parts, Optional<Checkpoint> checkpoint) {
        this.profile = profile;
        this.parts = parts;
        this.checkpoint = checkpoint;
        this.effects = new Effects(
                profile, parts.triggering(), parts.suspend(), parts.clock().instant());
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
            end();
        } else if (current == null) {
            begin(wanted);
        } else {
            change(current, wanted);
        }
    }

    /** Whatever fails on the way, nothing is live before everything is, so that it can be tried again. */
    private void begin(Collection<RuleDefinition> wanted) {
        RuleMemory fresh = parts.memories().apply(profile);
        try {
            fresh.put(wanted);
            recover(fresh);
            effects.finish();
            subscription = parts.bus().consumeInOrder(Channel.EVENTS, profile, CONSUMER, BATCH, this::handle);
        } catch (RuntimeException e) {
            effects.clear();
            fresh.close();
            throw e;
        }
        memory = fresh;
        cleared = false;
        saveCheckpoint();
        setAlarm(fresh);
    }

    /** Without rules nothing is read, so that events cost nothing. */
    private void end() {
        stopReading();
        if (memory != null) {
            memory.close();
        }
        memory = null;
        if (cleared) {
            return;
        }
        try {
            parts.bus().forget(Channel.EVENTS, profile, CONSUMER);
            if (checkpoint.isPresent()) {
                checkpoint.get().delete();
            }
            cleared = true;
        } catch (HelixException | IOException e) {
            log.warn("the memory of the rules was not cleared profile={} reason={}", profile, e.getMessage());
        }
    }

    private void change(RuleMemory current, Collection<RuleDefinition> wanted) {
        Map<String, RuleDefinition> before = current.rules();
        Map<String, RuleDefinition> after = new HashMap<>();
        wanted.forEach(rule -> after.put(rule.key().name(), rule));
        List<RuleDefinition> changed = after.values().stream()
                .filter(rule -> !rule.equals(before.get(rule.key().name())))
                .toList();
        List<String> gone = before.keySet().stream()
                .filter(name -> !after.containsKey(name))
                .toList();
        if (changed.isEmpty() && gone.isEmpty()) {
            effects.finish();
            return;
        }
        List<RuleDefinition> again = changed.stream()
                .filter(rule -> before.containsKey(rule.key().name()))
                .filter(rule -> rule.onRuleChange() == OnRuleChange.RE_EVALUATE)
                .toList();
        List<RuleDefinition> asked = changed.stream()
                .filter(rule -> !before.containsKey(rule.key().name()))
                .filter(rule -> !rule.lookBack().isZero())
                .toList();
        List<Past> pasts = new ArrayList<>();
        try {
            past(current, again, false).ifPresent(pasts::add);
            past(current, asked, true).ifPresent(pasts::add);
            current.remove(gone);
            current.put(changed);
            pasts.forEach(past -> past.into(current));
        } finally {
            pasts.forEach(Past::close);
        }
        effects.finish();
        saveSoon();
        setAlarm(current);
    }

    /** Rules on the events before them, made before anything is changed; empty for no rules. */
    private Optional<Past> past(RuleMemory current, List<RuleDefinition> rules, boolean fires) {
        if (rules.isEmpty()) {
            return Optional.empty();
        }
        Past past = new Past(rules, parts.memories().apply(profile));
        try {
            past.memory.put(rules);
            past.play(horizon(current.clock(), rules), current, fires);
            return Optional.of(past);
        } catch (RuntimeException e) {
            past.close();
            throw e;
        }
    }

    /** A memory of some rules that takes its place beside the others when it has caught up. */
    private final class Past implements AutoCloseable {
        private final List<RuleDefinition> rules;
        private final RuleMemory memory;
        private final List<Firing> found = new ArrayList<>();
        private final List<RuleMemory.GivenUp> failed = new ArrayList<>();

        Past(List<RuleDefinition> rules, RuleMemory memory) {
            this.rules = rules;
            this.memory = memory;
            memory.guard(false);
        }

        void play(Instant from, RuleMemory current, boolean fires) {
            parts.bus().read(Channel.EVENTS, profile, 1, from, current.sequence(), batch -> {
                take(memory.take(batch.stream().map(Arrival::of).toList()), fires);
                return found.size() <= MOST_LOOKED_BACK;
            });
            take(memory.advance(current.clock()), fires);
            if (found.size() > MOST_LOOKED_BACK) {
                log.warn(
                        "rules looked back no further than {} firings profile={} rules={}",
                        MOST_LOOKED_BACK,
                        profile,
                        rules.stream().map(RuleDefinition::key).toList());
            }
        }

        private void take(RuleMemory.Outcome outcome, boolean fires) {
            failed.addAll(outcome.givenUp());
            if (fires) {
                found.addAll(outcome.firings());
            }
        }

        void into(RuleMemory current) {
            current.adopt(memory);
            current.remove(failed.stream().map(rule -> rule.rule().key().name()).toList());
            effects.add(new RuleMemory.Outcome(found, failed));
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    // --- recovery

    private void recover(RuleMemory fresh) {
        OptionalLong handled = parts.bus().handled(Channel.EVENTS, profile, CONSUMER);
        Optional<RuleMemory.State> saved = handled.isPresent() ? readCheckpoint() : Optional.empty();
        fresh.guard(false);
        if (handled.isEmpty()) {
            // Nothing was ever done for these rules: what they find after they were made, or looking back, is to be
            // done.
            long newest = parts.bus().lastSequence(Channel.EVENTS, profile);
            rebuild(fresh, newest, true);
            effects.finish();
            parts.bus().begin(Channel.EVENTS, profile, CONSUMER, newest + 1);
        } else if (saved.isPresent()) {
            fresh.restore(saved.get());
            replay(fresh, fresh.sequence() + 1, Instant.EPOCH, handled.getAsLong(), false);
            catchUp(fresh, saved.get());
        } else {
            rebuild(fresh, handled.getAsLong(), false);
        }
        fresh.guard(true);
        log.info(
                "rules remember profile={} rules={} events={}",
                profile,
                fresh.rules().size(),
                fresh.rememberedCount());
    }

    /** Rules that were stored or changed, but not played the events before that, when the server was killed. */
    private void catchUp(RuleMemory fresh, RuleMemory.State saved) {
        List<RuleDefinition> again = new ArrayList<>();
        List<RuleDefinition> asked = new ArrayList<>();
        for (RuleDefinition rule : fresh.rules().values()) {
            RuleMemory.Form before = saved.rules().get(rule.key().name());
            if (before == null && !rule.lookBack().isZero()) {
                asked.add(rule);
            } else if (before != null
                    && before.revision() != rule.revision()
                    && rule.onRuleChange() == OnRuleChange.RE_EVALUATE) {
                again.add(rule);
            }
        }
        catchUp(fresh, again, false);
        catchUp(fresh, asked, true);
    }

    private void catchUp(RuleMemory fresh, List<RuleDefinition> rules, boolean fires) {
        past(fresh, rules, fires).ifPresent(past -> {
            try (past) {
                past.into(fresh);
            }
        });
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
    private void rebuild(RuleMemory fresh, long until, boolean fires) {
        Instant now = parts.bus()
                .find(Channel.EVENTS, profile, until)
                .map(StoredMessage::stored)
                .orElseGet(parts.clock()::instant);
        replay(fresh, 1, horizon(now, fresh.rules().values()), until, fires);
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

    /** Takes a part of the log. @param fires false when its effects are done */
    private void replay(RuleMemory into, long first, Instant notBefore, long last, boolean fires) {
        parts.bus().read(Channel.EVENTS, profile, first, notBefore, last, batch -> {
            RuleMemory.Outcome outcome =
                    into.take(batch.stream().map(Arrival::of).toList());
            effects.add(fires ? outcome : outcome.withoutFirings());
            return true;
        });
        if (!fires) {
            into.countAnew();
        }
    }

    // --- events

    private synchronized void handle(List<StoredMessage> batch) {
        RuleMemory current = memory;
        if (current == null || closed) {
            throw HelixException.unavailable("the rules of profile '" + profile + "' are being stopped");
        }
        RuleMemory.Outcome outcome =
                current.take(batch.stream().map(Arrival::of).toList());
        effects.add(outcome);
        effects.finish();
        if (Math.abs(current.sequence() - checkpointed) >= MESSAGES_BETWEEN_CHECKPOINTS) {
            saveCheckpoint();
        }
        setAlarm(current);
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
        cancelAlarm();
        alarm = parts.alarms().at(parts.clock().instant().plus(TICK_AGAIN), this::tick);
        parts.bus().publish(Tick.message(profile)).whenComplete((receipt, failure) -> {
            if (failure != null) {
                log.debug("tick not stored profile={} reason={}", profile, failure.getMessage());
            }
        });
    }

    // --- checkpoints

    /** Many changes are one checkpoint. Until it is written, a start begins with the one before. */
    private void saveSoon() {
        if (saving == null) {
            saving = parts.alarms().at(parts.clock().instant().plus(SAVED_AFTER), this::saveNow);
        }
    }

    private synchronized void saveNow() {
        saving = null;
        if (!closed) {
            saveCheckpoint();
        }
    }

    private void saveCheckpoint() {
        RuleMemory current = memory;
        if (checkpoint.isEmpty() || current == null) {
            return;
        }
        if (!current.settled() || !effects.isDone()) {
            return;
        }
        try {
            checkpoint.get().write(current.state());
        } catch (IOException e) {
            log.warn("{} cannot be written, a start will take longer: {}", checkpoint.get(), e.toString());
        }
        checkpointed = current.sequence();
    }

    // --- what it knows

    synchronized Failures.Failed failed(RuleDefinition rule) {
        return memory == null ? new Failures().of(rule) : memory.failed(rule);
    }

    synchronized RuleMemory.Counts counts(String rule) {
        return memory == null ? new RuleMemory.Counts() : memory.counts(rule);
    }

    synchronized long rememberedCount(String rule) {
        return memory == null ? 0 : memory.rememberedCount(rule);
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
        if (saving != null) {
            saving.cancel();
        }
        saving = null;
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
            saveCheckpoint();
            current.close();
        }
        memory = null;
    }
}
