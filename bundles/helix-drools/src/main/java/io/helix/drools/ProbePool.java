package io.helix.drools;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Lends probes to threads that match, and takes in all of them for a thread that changes what they go through. Not one
 * for each thread: events are matched on virtual threads, which are many and short-lived.
 */
final class ProbePool {
    private static final int SIZE = 4 * Runtime.getRuntime().availableProcessors();

    private final Lane[] lanes;
    private final ReentrantLock gate = new ReentrantLock();
    private volatile boolean closed;

    ProbePool(Supplier<Probe> source) {
        this.lanes = Stream.generate(() -> new Lane(source.get())).limit(SIZE).toArray(Lane[]::new);
    }

    /** A lane with a probe; to be left again. */
    Lane enter() {
        if (closed) {
            awaitOpen();
        }
        // Threads begin at different lanes, so that they seldom meet.
        int home = (int) (Thread.currentThread().threadId() % SIZE);
        for (int i = 0; i < SIZE; i++) {
            Lane lane = lanes[(home + i) % SIZE];
            if (lane.tryEnter()) {
                return lane;
            }
        }
        lanes[home].enter();
        return lanes[home];
    }

    private void awaitOpen() {
        gate.lock();
        gate.unlock();
    }

    /** Runs {@code change} while no probe is out. */
    void whileEmpty(Runnable change) {
        gate.lock();
        closed = true;
        int taken = 0;
        try {
            for (; taken < SIZE; taken++) {
                lanes[taken].enter();
            }
            change.run();
        } finally {
            for (int i = 0; i < taken; i++) {
                lanes[i].leave();
            }
            closed = false;
            gate.unlock();
        }
    }
}
