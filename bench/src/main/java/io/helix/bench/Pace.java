package io.helix.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

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
        long begin = System.nanoTime();
        long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        for (int i = 0; i < times; i++) {
            long due = begin + i * interval;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            act.at(i);
        }
    }
}
