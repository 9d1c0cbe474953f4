package io.helix.wasm;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Stops one guest call that runs for too long, by closing the instance under it. */
final class Deadline {
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
    private volatile @Nullable CompletableFuture<Void> killed;

    /** @param end in the time of {@link System#nanoTime()} */
    Deadline(Watchdog watchdog, GuestInstance instance, long end) {
        this.watchdog = watchdog;
        this.instance = instance;
        this.end = end;
    }

    /** Negative when it is over, even if the watchdog has not seen it yet. */
    long remainingNanos() {
        return end - System.nanoTime();
    }

    /** Made of what is there: that of Object takes as long to make as the rest of a deadline. */
    @Override
    public int hashCode() {
        return Long.hashCode(end);
    }

    /** The caller has its thread back. False when time had run out, whatever came back: the instance is dead. */
    boolean met() {
        if (state.compareAndSet(State.RUNNING, State.MET)) {
            watchdog.end(this);
        }
        if (state.get() == State.MET) {
            return true;
        }
        Objects.requireNonNull(killed).join();
        Thread.interrupted(); // the engine interrupts the thread to wake it; that must not reach the caller's next wait
        return false;
    }

    /** Called by the watchdog alone. */
    void expireAt(long now) {
        if (now - end < 0 || state.get() != State.RUNNING) {
            return;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        killed = done;
        if (state.compareAndSet(State.RUNNING, State.EXPIRED)) {
            watchdog.end(this);
            // A thread of its own: a kill can take a while, and the watchdog serves the neighbours too.
            Thread.ofPlatform().daemon().name("helix-wasm-kill").start(() -> kill(done));
        }
    }

    /** Closes it at once: it is of no more use, and unlike an interrupt, to be closed cannot be lost by a guest. */
    private void kill(CompletableFuture<Void> done) {
        try {
            instance.close();
        } finally {
            done.complete(null);
        }
    }
}
