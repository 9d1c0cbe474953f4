package io.helix.wasm;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;

/** The threads on which the engine compiles. It starts them when there is work, with the highest priority, and ends them. */
final class CompilerThreads {
    private static final String NAME = "TruffleCompilerThread";
    private static final ThreadMXBean TIMES = ManagementFactory.getThreadMXBean();

    private CompilerThreads() {}

    /** Lets calls go first, where the JVM takes priorities to the system ({@code -XX:ThreadPriorityPolicy=1}). */
    @SuppressWarnings("ThreadPriorityCheck") // where they are not heard it is slower, not wrong
    static void yieldToCalls() {
        all().forEach(thread -> thread.setPriority(Thread.MIN_PRIORITY));
    }

    /** What those that run have used of the processor so far, in nanoseconds. */
    static long cpuNanos() {
        return all().mapToLong(thread -> Math.max(0, TIMES.getThreadCpuTime(thread.threadId())))
                .sum();
    }

    private static Stream<Thread> all() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        for (ThreadGroup parent = root.getParent(); parent != null; parent = root.getParent()) {
            root = parent;
        }
        Thread[] threads = new Thread[root.activeCount() * 2];
        root.enumerate(threads);
        return Arrays.stream(threads)
                .filter(Objects::nonNull)
                .filter(thread -> thread.getName().startsWith(NAME));
    }
}
