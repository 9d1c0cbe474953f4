package io.helix.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Processor time of this thread, for work that runs on it alone: other programs on the machine do not count. */
final class CpuClock {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private CpuClock() {}

    /** Of one run, averaged over as many as take {@code millis}. */
    static double nanosPerRun(Runnable work, long millis) {
        long start = THREADS.getCurrentThreadCpuTime();
        long end = start + millis * 1_000_000;
        long runs = 0;
        long now = start;
        while (now < end || runs == 0) {
            work.run();
            runs++;
            now = THREADS.getCurrentThreadCpuTime();
        }
        return (double) (now - start) / runs;
    }
}
