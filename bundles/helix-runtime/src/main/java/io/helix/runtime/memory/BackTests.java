package io.helix.runtime.memory;

import io.helix.api.HelixException;
import io.helix.api.control.ControlPlane;
import io.helix.api.control.ControlPlane.BackTest;
import io.helix.api.control.ControlPlane.BackTestSide;
import io.helix.api.event.Channel;
import io.helix.api.event.EventBus;
import io.helix.api.event.StoredMessage;
import io.helix.api.situation.Match;
import io.helix.runtime.document.RuleDefinition;
import io.helix.runtime.document.ThrottleDefinition;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;

/** Plays rules on the stored events of a time, without effects. Two at a time; more are refused. */
public final class BackTests {
    static final int MOST_EVENTS = 1_000_000;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /**
     * @param shown firings in each list
     * @param compared firings of each side
     */
    record Limits(int shown, int compared) {
        static final Limits DEFAULT = new Limits(1_000, 200_000);
    }

    private final EventBus bus;
    private final Memories memories;
    private final InstantSource clock;
    private final Limits limits;
    private final Semaphore places = new Semaphore(2);

    public BackTests(EventBus bus, Memories memories, InstantSource clock) {
        this(bus, memories, clock, Limits.DEFAULT);
    }

    BackTests(EventBus bus, Memories memories, InstantSource clock, Limits limits) {
        this.limits = limits;
        this.bus = bus;
        this.memories = memories;
        this.clock = clock;
    }

    /** @param current the stored revision to compare with; empty when there is none */
    public BackTest run(
            String profile, RuleDefinition candidate, Optional<RuleDefinition> current, Instant from, Instant to) {
        if (!places.tryAcquire()) {
            throw HelixException.unavailable("two back-tests are running already; try again when one has ended");
        }
        try (Side tried = new Side(profile, candidate, from);
                Side stored = new Side(profile, current.orElse(candidate), from)) {
            Reading reading = new Reading(current.isPresent() ? List.of(tried, stored) : List.of(tried), from, to);
            bus.read(
                    Channel.EVENTS,
                    profile,
                    1,
                    begin(from, candidate, current),
                    bus.lastSequence(Channel.EVENTS, profile),
                    reading::take);
            reading.end();
            List<ControlPlane.Firing> gained = current.isPresent() ? tried.without(stored) : List.of();
            List<ControlPlane.Firing> lost = current.isPresent() ? stored.without(tried) : List.of();
            return new BackTest(
                    candidate.key().name(),
                    from,
                    to,
                    reading.events,
                    reading.complete,
                    tried.isCut() || stored.isCut() || gained.size() > limits.shown() || lost.size() > limits.shown(),
                    tried.report(),
                    current.isPresent() ? stored.report() : null,
                    shown(gained),
                    shown(lost));
        } finally {
            places.release();
        }
    }

    private List<ControlPlane.Firing> shown(List<ControlPlane.Firing> firings) {
        return firings.stream().limit(limits.shown()).toList();
    }

    /** Before {@code from}, so that windows are full when it begins to count. */
    private static Instant begin(Instant from, RuleDefinition candidate, Optional<RuleDefinition> current) {
        Duration before = candidate.horizon();
        if (current.isPresent() && current.get().horizon().compareTo(before) > 0) {
            before = current.get().horizon();
        }
        return from.minus(before);
    }

    /** One pass over the log for both sides. */
    private final class Reading {
        private final List<Side> sides;
        private final Instant from;
        private final Instant to;
        private final Instant deadline = clock.instant().plus(LONGEST);
        private long read;
        private long events;
        private boolean complete = true;

        Reading(List<Side> sides, Instant from, Instant to) {
            this.sides = sides;
            this.from = from;
            this.to = to;
        }

        boolean take(List<StoredMessage> batch) {
            List<Arrival> arrivals = batch.stream()
                    .filter(message -> !message.stored().isAfter(to))
                    .map(Arrival::of)
                    .toList();
            for (Arrival arrival : arrivals) {
                if (arrival.event() != null) {
                    read++;
                    events += arrival.stored().isBefore(from) ? 0 : 1;
                }
            }
            sides.forEach(side -> side.take(arrivals));
            complete = read < MOST_EVENTS && clock.instant().isBefore(deadline);
            return complete && arrivals.size() == batch.size();
        }

        void end() {
            if (complete) {
                sides.forEach(side -> side.advance(to));
            }
        }
    }

    /** One rule on trial. */
    private final class Side implements AutoCloseable, RuleMemory.Watcher {
        private final RuleDefinition rule;
        private final Instant from;
        private final RuleMemory memory;
        private final Map<LocalDate, Long> perDay = new TreeMap<>();
        private final List<ControlPlane.Firing> firings = new ArrayList<>();
        private long fired;
        private long throttled;

        Side(String profile, RuleDefinition rule, Instant from) {
            this.rule = rule;
            this.from = from;
            this.memory = memories.rehearsal(profile, this);
            this.memory.put(List.of(rule.since(Instant.EPOCH)));
        }

        @Override
        public void match(Match match, boolean fires) {
            boolean collects = rule.throttle() != null && rule.throttle().mode() == ThrottleDefinition.Mode.ONCE_AFTER;
            if (!fires && !collects && !match.time().plus(rule.lateness()).isBefore(from)) {
                throttled++;
            }
        }

        void take(List<Arrival> arrivals) {
            count(memory.take(arrivals));
        }

        void advance(Instant to) {
            count(memory.advance(to));
        }

        private void count(RuleMemory.Outcome outcome) {
            outcome.givenUp().stream().findFirst().ifPresent(fault -> {
                throw HelixException.invalid("rule '" + rule.key().name() + "' was given up: " + fault.reason());
            });
            for (Firing firing : outcome.firings()) {
                if (!firing.due().isBefore(from)) {
                    fired++;
                    perDay.merge(firing.due().atZone(ZoneOffset.UTC).toLocalDate(), 1L, Long::sum);
                    if (firings.size() < limits.compared()) {
                        firings.add(firings.size() < limits.shown() ? Firings.shown(firing) : Firings.bare(firing));
                    }
                }
            }
        }

        BackTestSide report() {
            return new BackTestSide(rule.revision(), fired, throttled, Map.copyOf(perDay), shown(firings));
        }

        boolean isCut() {
            return fired > limits.shown();
        }

        /** From then on not all firings are known. */
        private Instant known() {
            return fired > firings.size() ? firings.getLast().time() : Instant.MAX;
        }

        /** Firings for other events or at other times than any of {@code other}, as far as those are known. */
        List<ControlPlane.Firing> without(Side other) {
            Set<Moment> theirs = new HashSet<>();
            other.firings.forEach(firing -> theirs.add(Moment.of(firing)));
            return firings.stream()
                    .filter(firing -> firing.time().isBefore(other.known()))
                    .filter(firing -> !theirs.contains(Moment.of(firing)))
                    .limit(limits.shown() + 1L)
                    .toList();
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    private record Moment(Instant time, String key, List<String> events) {
        static Moment of(ControlPlane.Firing firing) {
            return new Moment(firing.time(), firing.key(), firing.events());
        }
    }
}
