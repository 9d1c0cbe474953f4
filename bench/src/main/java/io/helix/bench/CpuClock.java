package io.helix.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Processor time of this thread, for work that runs on it alone: other programs on the machine do not count. */
final class CpuClock {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private CpuClock() {}

    /** Of one run, averaged over as many as take {@code millis} together; what makes their inputs does not count. */
    static <T> double nanosPerRun(Supplier<T> input, Consumer<T> work, long millis) {
        long most = millis * 1_000_000;
        long nanos = 0;
        long runs = 0;
        while (nanos < most || runs == 0) {
            T made = input.get();
            long start = THREADS.getCurrentThreadCpuTime();
            work.accept(made);
            nanos += THREADS.getCurrentThreadCpuTime() - start;
            runs++;
        }
        return (double) nanos / runs;
    }
}
