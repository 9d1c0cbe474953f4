package io.helix.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.function.Predicate;

/**
 * What the JVM uses once what nobody needs is gone, in bytes.
 *
 * @param metaspace of the classes
 * @param code of the compilers
 */
record Heap(long used, long metaspace, long code) {
    /** Collects until nothing more goes: cleaners and compilations let go of some things a moment later. */
    static Heap afterCollection() throws InterruptedException {
        long before = Long.MAX_VALUE;
        long now = collected();
        while (now < before) {
            Thread.sleep(200);
            before = now;
            now = collected();
        }
        return new Heap(
                Math.min(before, now),
                pools(name -> name.equals("Metaspace") || name.equals("Compressed Class Space")),
                pools(name -> name.startsWith("CodeHeap") || name.equals("CodeCache")));
    }

    private static long collected() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long pools(Predicate<String> wanted) {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.NON_HEAP && wanted.test(pool.getName()))
                .mapToLong(Heap::inUse)
                .sum();
    }

    private static long inUse(MemoryPoolMXBean pool) {
        return pool.getUsage().getUsed();
    }
}
