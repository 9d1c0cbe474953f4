package io.helix.wasm;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Instances of one module: each lent to one call at a time, and kept for the same owner. */
final class InstancePool {
    /** An instance and for whom it works. */
    record Slot(Owner owner, GuestInstance instance) {}

    private final Supplier<GuestInstance> factory;
    private final Semaphore permits;
    private final int size;
    private final Deque<Slot> idle = new ArrayDeque<>();
    private boolean closed;

    InstancePool(int size, Supplier<GuestInstance> factory) {
        this.size = size;
        this.factory = factory;
        this.permits = new Semaphore(size, true);
    }

    /** Null when all are busy for {@code patience}, or the pool is closed. */
    @Nullable
    Slot take(Owner owner, Duration patience) throws InterruptedException {
        if (!permits.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return null;
        }
        boolean taken = false;
        try {
            Slot slot = isClosed() ? null : idleOrNew(owner);
            taken = slot != null;
            return slot;
        } finally {
            if (!taken) {
                permits.release();
            }
        }
    }

    private Slot idleOrNew(Owner owner) {
        Slot kept = takeIdle(owner);
        return kept == null ? new Slot(owner, factory.get()) : kept;
    }

    private synchronized @Nullable Slot takeIdle(Owner owner) {
        for (Iterator<Slot> slots = idle.iterator(); slots.hasNext(); ) {
            Slot slot = slots.next();
            if (slot.owner().equals(owner)) {
                slots.remove();
                return slot;
            }
        }
        return null;
    }

    /** Takes a healthy instance back. */
    void giveBack(Slot slot) {
        Slot surplus = keep(slot);
        permits.release();
        if (surplus != null) {
            surplus.instance().close();
        }
    }

    /** The one to close, so that idle instances never outnumber what may run. */
    private synchronized @Nullable Slot keep(Slot slot) {
        if (closed) {
            return slot;
        }
        idle.addFirst(slot);
        return idle.size() > size ? idle.pollLast() : null;
    }

    /** Throws an instance away that cannot be trusted any more. */
    void discard(Slot slot) {
        permits.release();
        slot.instance().close();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Calls that are running finish; what is idle is closed. */
    void close() {
        Deque<Slot> rest;
        synchronized (this) {
            closed = true;
            rest = new ArrayDeque<>(idle);
            idle.clear();
        }
        rest.forEach(slot -> slot.instance().close());
    }
}
