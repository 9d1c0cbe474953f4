package io.helix.bench;

/** Times calls in batches of about a millisecond. The best batch is the one that nothing else on the machine disturbed. */
final class Batches {
    private static final long BATCH_NANOS = 1_000_000;

    private Batches() {}

    /** Nanoseconds of one call. */
    static double best(Runnable call, long millis) {
        long now = System.nanoTime();
        long end = now + millis * 1_000_000;
        double best = Double.MAX_VALUE;
        int size = 1;
        while (now < end) {
            long before = now;
            for (int i = 0; i < size; i++) {
                call.run();
            }
            now = System.nanoTime();
            best = Math.min(best, (double) (now - before) / size);
            size = Math.max(1, (int) (BATCH_NANOS / best));
        }
        return best;
    }
}
