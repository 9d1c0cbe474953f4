package io.helix.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;

/** Does something at a fixed rate; one that is late does not delay the next. */
record Pace(int perSecond) {
    /** What is done, and for the how manieth time. */
    @FunctionalInterface
    interface Act {
        void at(int number);
    }

    int times(int seconds) {
        return perSecond * seconds;
    }

    void run(int times, Act act) {
        runWhile(number -> number < times, act);
    }

    void until(AtomicBoolean over, Act act) {
        runWhile(number -> !over.get(), act);
    }

    private void runWhile(IntPredicate more, Act act) {
        long begin = System.nanoTime();
        long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        for (int i = 0; more.test(i); i++) {
            long due = begin + i * interval;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            act.at(i);
        }
    }
}
