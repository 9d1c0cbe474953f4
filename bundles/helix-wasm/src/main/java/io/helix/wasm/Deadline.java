package io.helix.wasm;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

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
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CompletableFuture<Void> killed = new CompletableFuture<>();

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
        ended.countDown();
        killed.join();
        Thread.interrupted(); // the engine interrupts the thread to wake it; that must not reach the caller's next wait
        return false;
    }

    void expireAt(long now) {
        if (now - end >= 0 && state.compareAndSet(State.RUNNING, State.EXPIRED)) {
            watchdog.end(this);
            // A thread of its own: a kill can take a while, and the watchdog serves the neighbours too.
            Thread.ofPlatform().daemon().name("helix-wasm-kill").start(this::kill);
        }
    }

    private void kill() {
        try {
            boolean over = false;
            for (int i = 0; i < INTERRUPTS && !over; i++) {
                instance.interrupt();
                over = ended.await(REPEAT_MS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeInstance();
        }
    }

    private void closeInstance() {
        try {
            instance.close();
        } finally {
            killed.complete(null);
        }
    }
}
