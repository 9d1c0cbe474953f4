package io.helix.runtime.memory;

import java.time.Instant;

/** Calls back at a time, on a thread of its own. */
interface Alarms extends AutoCloseable {
    Alarm at(Instant when, Runnable call);

    /** A call that is to come. */
    @FunctionalInterface
    interface Alarm {
        void cancel();
    }

    @Override
    void close();
}
