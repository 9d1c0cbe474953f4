package io.helix.wasm;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a call may still ask Helix for something. Its thread is interrupted when it is stopped: wherever it is while
 * it waits, and else only between two host calls, since an interrupt in the middle of one would do harm. Used by one
 * thread, and stopped by another.
 */
final class CallTime {
    /** What a call waits for. */
    @FunctionalInterface
    interface Wait<T, E extends Exception> {
        T run() throws E;
    }

    /** @param errands null when nothing that it asks is slow */
    private record Clock(
            Deadline deadline, String profile, @Nullable Errands errands) {}

    /** Held while something is done that must not be interrupted. */
    private final ReentrantLock effects = new ReentrantLock();

    private @Nullable Clock clock;
    private boolean stopped;

    /**
     * Before it is called it has all the time, and waits for answers itself.
     *
     * @param profile for which the call runs
     * @param errands who waits for answers; null when all of them are there at once
     */
    void begin(Deadline deadline, String profile, @Nullable Errands errands) {
        clock = new Clock(deadline, profile, errands);
    }

    /**
     * A host call begins. To be followed by {@link #leave()}.
     *
     * @throws GuestTrap when the call is over; then it is not
     */
    void enter() {
        effects.lock();
        try {
            requireTime();
        } catch (GuestTrap e) {
            effects.unlock();
            throw e;
        }
    }

    private void requireTime() {
        if (stopped) {
            throw new GuestTrap("called Helix after it was stopped");
        }
        if (clock != null && clock.deadline().remainingNanos() < 0) {
            throw GuestTrap.overTime();
        }
    }

    void leave() {
        effects.unlock();
    }

    /** From now on no host call begins. Afterwards the thread of the guest may be interrupted without harm. */
    void stop() {
        effects.lock();
        try {
            stopped = true;
        } finally {
            effects.unlock();
        }
    }

    /** Within a host call: waits for what minds no interrupt. */
    <T, E extends Exception> T interruptibly(Wait<T, E> wait) throws E {
        effects.unlock();
        try {
            return wait.run();
        } finally {
            effects.lock();
        }
    }

    /**
     * Within a host call: an answer that may take longer than the call.
     *
     * @param question without an effect that would count if its answer came too late
     */
    <T> T ask(Supplier<T> question) {
        Clock known = clock;
        Errands errands = known == null ? null : known.errands();
        return known == null || errands == null
                ? question.get()
                : interruptibly(() -> errands.ask(known.profile(), known.deadline(), question));
    }
}
