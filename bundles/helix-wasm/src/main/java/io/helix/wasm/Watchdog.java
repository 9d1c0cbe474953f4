package io.helix.wasm;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends calls that run for too long. Looks at all running calls every few milliseconds instead of keeping a timer for
 * each, which would cost as much as a short call; rests while none is running. Closing it ends the looking.
 */
final class Watchdog implements AutoCloseable {
    private static final long TICK = Duration.ofMillis(10).toNanos();

    private final Set<Deadline> running = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean resting;
    private volatile boolean closed;

    Watchdog() {
        thread = Thread.ofPlatform().daemon().name("helix-wasm-watchdog").start(this::watch);
    }

    /** Watches a call from now until {@link Deadline#met()}. */
    Deadline begin(GuestInstance instance, Duration timeout) {
        Deadline deadline = new Deadline(this, instance, System.nanoTime() + timeout.toNanos());
        running.add(deadline);
        if (resting) {
            LockSupport.unpark(thread);
        }
        return deadline;
    }

    void end(Deadline deadline) {
        running.remove(deadline);
    }

    private void watch() {
        while (!closed) {
            if (running.isEmpty()) {
                resting = true;
                // A call that begins now either is seen here or sees that we rest.
                if (running.isEmpty() && !closed) {
                    LockSupport.park(this);
                }
                resting = false;
            }
            long now = System.nanoTime();
            for (Deadline deadline : running) {
                deadline.expireAt(now);
            }
            LockSupport.parkNanos(this, TICK);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
