package io.helix.wasm;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Instances of one module: each lent to one call at a time, and kept for the same owner. Thread safe. */
final class InstancePool {
    /** After so many calls an instance is replaced, so that what a guest leaks does not add up for ever. */
    static final int MAX_CALLS = 100_000;

    /** An instance and for whom it works. */
    static final class Slot {
        private final Owner owner;
        private final GuestInstance instance;
        private int calls;

        Slot(Owner owner, GuestInstance instance) {
            this.owner = owner;
            this.instance = instance;
        }

        Owner owner() {
            return owner;
        }

        GuestInstance instance() {
            return instance;
        }
    }

    private final Supplier<GuestInstance> factory;
    private final Semaphore permits;
    private final int size;
    private final int pages;
    private final Budgets budgets;
    private final Deque<Slot> idle = new ArrayDeque<>();
    private final Set<Slot> all = new HashSet<>();
    private boolean retired;

    /** @param pages that each instance may come to have */
    InstancePool(int size, int pages, Budgets budgets, Supplier<GuestInstance> factory) {
        this.size = size;
        this.pages = pages;
        this.budgets = budgets;
        this.factory = factory;
        this.permits = new Semaphore(size, true);
        budgets.add(this);
    }

    /** What came of asking for an instance. */
    sealed interface Lent {
        record Taken(Slot slot) implements Lent {}

        /** All were busy all the time. */
        record Busy() implements Lent {}

        /** The profile has used up its memory. */
        record NoMemory() implements Lent {}
    }

    Lent take(Owner owner, Duration patience) throws InterruptedException {
        if (!permits.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return new Lent.Busy();
        }
        Slot slot = null;
        try {
            slot = idleOrNew(owner);
            return slot == null ? new Lent.NoMemory() : new Lent.Taken(slot);
        } finally {
            if (slot == null) {
                permits.release();
            }
        }
    }

    private @Nullable Slot idleOrNew(Owner owner) {
        Slot kept = takeIdle(slot -> slot.owner.equals(owner));
        if (kept != null) {
            return kept;
        }
        if (!budgets.reserve(owner.profile(), pages)) {
            return null;
        }
        Slot fresh = null;
        try {
            fresh = new Slot(owner, factory.get());
            synchronized (this) {
                all.add(fresh);
            }
            return fresh;
        } finally {
            if (fresh == null) {
                budgets.release(owner.profile(), pages);
            }
        }
    }

    private synchronized @Nullable Slot takeIdle(Predicate<Slot> wanted) {
        for (Iterator<Slot> slots = idle.iterator(); slots.hasNext(); ) {
            Slot slot = slots.next();
            if (wanted.test(slot)) {
                slots.remove();
                return slot;
            }
        }
        return null;
    }

    /** Takes a healthy instance back. */
    void giveBack(Slot slot) {
        Slot surplus = ++slot.calls >= MAX_CALLS ? slot : keep(slot);
        permits.release();
        if (surplus != null) {
            end(surplus);
        }
    }

    /** The one to close, so that idle instances never outnumber what may run. */
    private synchronized @Nullable Slot keep(Slot slot) {
        if (retired) {
            return slot;
        }
        idle.addFirst(slot);
        return idle.size() > size ? idle.pollLast() : null;
    }

    /** Throws an instance away that cannot be trusted any more. */
    void discard(Slot slot) {
        permits.release();
        end(slot);
    }

    /** Closes the idle instance of a profile that was used least lately; false when there is none. */
    boolean evictIdle(String profile) {
        Slot oldest = null;
        synchronized (this) {
            for (Iterator<Slot> slots = idle.descendingIterator(); slots.hasNext() && oldest == null; ) {
                Slot slot = slots.next();
                if (slot.owner.profile().equals(profile)) {
                    slots.remove();
                    oldest = slot;
                }
            }
        }
        if (oldest != null) {
            end(oldest);
        }
        return oldest != null;
    }

    private void end(Slot slot) {
        synchronized (this) {
            all.remove(slot);
        }
        budgets.release(slot.owner.profile(), pages);
        slot.instance.close();
    }

    synchronized int instances() {
        return all.size();
    }

    synchronized long memoryBytes() {
        return all.stream().mapToLong(slot -> slot.instance.memoryBytes()).sum();
    }

    /**
     * Nothing is kept from now on. Calls that are running finish, and whoever still holds the module may call it: on an
     * instance that is closed afterwards.
     */
    void retire() {
        Deque<Slot> rest;
        synchronized (this) {
            retired = true;
            rest = new ArrayDeque<>(idle);
            idle.clear();
        }
        budgets.remove(this);
        rest.forEach(this::end);
    }
}
