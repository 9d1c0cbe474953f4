package io.helix.wasm;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Stops one guest call that runs for too long. A single interrupt can be lost while the guest is not yet, or just not,
 * in its own code, so it is repeated, and then the instance is closed under it.
 */
final class Deadline {
    private static final long REPEAT_MS = 20;
    private static final int INTERRUPTS = 3;

    private enum State {
        RUNNING,
        MET,
        EXPIRED
    }

    private final Watchdog watchdog;
    private final GuestInstance instance;
    private final long end;
    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
    /** There before the state is EXPIRED; most calls never need it. */
    private volatile @Nullable Kill kill;

    private record Kill(CountDownLatch callerIsBack, CompletableFuture<Void> done) {
        Kill() {
            this(new CountDownLatch(1), new CompletableFuture<>());
        }
    }

    /** @param end in the time of {@link System#nanoTime()} */
    Deadline(Watchdog watchdog, GuestInstance instance, long end) {
        this.watchdog = watchdog;
        this.instance = instance;
        this.end = end;
    }

    /** The caller has its thread back. False when time had run out, whatever came back: the instance is dead. */
    boolean met() {
        if (state.compareAndSet(State.RUNNING, State.MET)) {
            watchdog.end(this);
        }
        if (state.get() == State.MET) {
            return true;
        }
        Kill running = Objects.requireNonNull(kill);
        running.callerIsBack().countDown();
        running.done().join();
        Thread.interrupted(); // the engine interrupts the thread to wake it; that must not reach the caller's next wait
        return false;
    }

    /** Called by the watchdog alone. */
    void expireAt(long now) {
        if (now - end < 0 || state.get() != State.RUNNING) {
            return;
        }
        Kill prepared = new Kill();
        kill = prepared;
        if (state.compareAndSet(State.RUNNING, State.EXPIRED)) {
            watchdog.end(this);
            // A thread of its own: a kill can take a while, and the watchdog serves the neighbours too.
            Thread.ofPlatform().daemon().name("helix-wasm-kill").start(() -> kill(prepared));
        }
    }

    private void kill(Kill running) {
        try {
            boolean over = false;
            for (int i = 0; i < INTERRUPTS && !over; i++) {
                instance.interrupt();
                over = running.callerIsBack().await(REPEAT_MS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeInstance(running);
        }
    }

    private void closeInstance(Kill running) {
        try {
            instance.close();
        } finally {
            running.done().complete(null);
        }
    }
}
