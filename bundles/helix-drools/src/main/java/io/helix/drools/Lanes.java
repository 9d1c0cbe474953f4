package io.helix.drools;

import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lets threads match side by side, and keeps all of them out while one changes what they read. A lock for reading would
 * be one place in memory that all of them write; here each writes the lane it is in.
 */
final class Lanes {
    private static final int COUNT = 4 * Runtime.getRuntime().availableProcessors();

    private final Lane[] lanes = Stream.generate(Lane::new).limit(COUNT).toArray(Lane[]::new);

    /** There while a change waits or runs: without it, it might wait long for threads that only leave to enter again. */
    private volatile @Nullable CountDownLatch change;

    /** A lane of one's own, to be left again. */
    Lane enter() {
        CountDownLatch running = change;
        if (running != null) {
            awaitEnd(running);
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

    private static void awaitEnd(CountDownLatch running) {
        boolean interrupted = false;
        while (running.getCount() > 0) {
            try {
                running.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Runs {@code change} while all lanes are empty; one caller at a time. It never queues behind those who wait for
     * its end: these may be virtual threads whose turn does not come while others keep the processors busy.
     */
    void whileEmpty(Runnable change) {
        CountDownLatch running = new CountDownLatch(1);
        this.change = running;
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
            this.change = null;
            running.countDown();
        }
    }
}
