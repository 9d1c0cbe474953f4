package io.helix.drools;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lends probes. Not one for each thread: events are matched on virtual threads, which are many and short-lived. */
final class ProbePool {
    private static final int SIZE = 2 * Runtime.getRuntime().availableProcessors();

    private final AtomicReferenceArray<@Nullable Probe> idle = new AtomicReferenceArray<>(SIZE);
    private final Supplier<Probe> source;

    ProbePool(Supplier<Probe> source) {
        this.source = source;
    }

    Probe take() {
        int start = start();
        for (int i = 0; i < SIZE; i++) {
            int place = (start + i) % SIZE;
            Probe probe = idle.getPlain(place) == null ? null : idle.getAndSet(place, null);
            if (probe != null) {
                return probe;
            }
        }
        return source.get();
    }

    /** Takes a probe back; when all places are taken it is left to the garbage collector. */
    void give(Probe probe) {
        int start = start();
        for (int i = 0; i < SIZE; i++) {
            int place = (start + i) % SIZE;
            if (idle.getPlain(place) == null && idle.compareAndSet(place, null, probe)) {
                return;
            }
        }
    }

    /** Threads begin at different places, so that they seldom meet. */
    private static int start() {
        return (int) (Thread.currentThread().threadId() % SIZE);
    }
}
