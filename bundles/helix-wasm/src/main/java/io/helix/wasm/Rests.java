package io.helix.wasm;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Between calls that are stopped for what they take, their owner rests: as long as the last one took, twice as long
 * after each that follows. What it costs all others - processors, and the garbage that a flood of host calls makes - is
 * bounded so, and a single bad input costs next to nothing. Thread safe.
 */
final class Rests {
    static final Duration LONGEST = Duration.ofMillis(100);

    /** More than so many owners at a time are no case of a single bad one. */
    private static final int MOST = 1_000;

    private static final int MOST_DOUBLINGS = 20;

    /** An owner, whatever the configuration of a single call is: that may be made of its event, and be large. */
    private record Who(String profile, String agent) {
        static Who of(Owner owner) {
            return new Who(owner.profile(), owner.agent());
        }
    }

    /** @param until by the clock */
    private record Rest(int inARow, long until) {}

    private final LongSupplier clock;
    private final Map<Who, Rest> rests = new ConcurrentHashMap<>();

    /** @param clock in nanoseconds */
    Rests(LongSupplier clock) {
        this.clock = clock;
    }

    /** For how many nanoseconds the owner is to wait before its next call; mostly 0. */
    long left(Owner owner) {
        Rest rest = rests.isEmpty() ? null : rests.get(Who.of(owner));
        return rest == null ? 0 : Math.max(0, rest.until() - clock.getAsLong());
    }

    /** A call was stopped that had the thread for so long. */
    void stopped(Owner owner, long nanos) {
        if (rests.size() >= MOST) {
            rests.clear();
        }
        rests.compute(Who.of(owner), (same, before) -> {
            int inARow = before == null ? 0 : Math.min(MOST_DOUBLINGS, before.inARow() + 1);
            long rest = Math.min(nanos, LONGEST.toNanos()) << inARow;
            return new Rest(inARow, clock.getAsLong() + Math.min(rest, LONGEST.toNanos()));
        });
    }

    /** A call ended by itself. */
    void ended(Owner owner) {
        if (!rests.isEmpty()) {
            rests.remove(Who.of(owner));
        }
    }
}
