package io.helix.bench;

import java.util.concurrent.TimeUnit;

/** Times work that is repeated until it has taken long enough to be timed. */
final class Stopwatch {
    private final long warmUpMillis;
    private final long roundMillis;

    Stopwatch(long warmUpMillis, long roundMillis) {
        this.warmUpMillis = warmUpMillis;
        this.roundMillis = roundMillis;
    }

    /** Runs {@code work} untimed, so that the compiler has seen it. */
    void warmUp(Runnable work) {
        nanosPerRun(work, warmUpMillis);
    }

    /** Wall clock of one run, averaged over a round. */
    double round(Runnable work) {
        return nanosPerRun(work, roundMillis);
    }

    private static double nanosPerRun(Runnable work, long millis) {
        long start = System.nanoTime();
        long end = start + TimeUnit.MILLISECONDS.toNanos(millis);
        long runs = 0;
        long now = start;
        while (now < end || runs == 0) {
            work.run();
            runs++;
            now = System.nanoTime();
        }
        return (double) (now - start) / runs;
    }
}
