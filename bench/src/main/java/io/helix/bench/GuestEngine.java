package io.helix.bench;

/** Runs the guest of the benchmarks. */
interface GuestEngine {
    String name();

    /** What one call of a handler of the guest does, in nanoseconds: the best batch of {@code millis}. */
    double best(GuestWork work, long millis) throws Exception;

    /** What a call gives: the emitted event or the output. */
    byte[] result(GuestWork work) throws Exception;
}
