package io.helix.drools;

import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Lets threads match side by side, and keeps all of them out while one changes what they read. A lock for reading would
 * be one place in memory that all of them write; here each writes the lane it is in.
 */
final class Lanes {
    private static final int COUNT = 4 * Runtime.getRuntime().availableProcessors();

    private final Lane[] lanes = Stream.generate(Lane::new).limit(COUNT).toArray(Lane[]::new);
    private final ReentrantLock gate = new ReentrantLock();
    private volatile boolean closed;

    /** A lane of one's own, to be left again. */
    Lane enter() {
        if (closed) {
            awaitOpen();
        }
        // Threads begin at different lanes, so that they seldom meet.
        int home = (int) (Thread.currentThread().threadId() % COUNT);
        for (int i = home; i < home + COUNT; i++) {
            Lane lane = lanes[i % COUNT];
            if (lane.tryEnter()) {
                return lane;
            }
        }
        lanes[home].enter();
        return lanes[home];
    }

    /** Without it a change might wait long for threads that leave a lane only to enter it again. */
    private void awaitOpen() {
        gate.lock();
        gate.unlock();
    }

    /** Runs {@code change} while all lanes are empty. */
    void whileEmpty(Runnable change) {
        gate.lock();
        closed = true;
        int taken = 0;
        try {
            for (; taken < COUNT; taken++) {
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
