package io.helix.runtime.memory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Alarms by the time of day. Each has a thread of its own, so that none waits for the work of another. */
final class TimerAlarms implements Alarms {
    private final InstantSource clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("helix-memory-timer").factory());

    TimerAlarms(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Alarm at(Instant when, Runnable call) {
        long wait = Math.max(0, Duration.between(clock.instant(), when).toMillis());
        Future<?> scheduled = timer.schedule(() -> Thread.startVirtualThread(call), wait, TimeUnit.MILLISECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
