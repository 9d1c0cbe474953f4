package io.helix.wasm;

import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/** What has become of the calls of one plugin, over all its versions since the start. Thread safe. */
final class PluginStats {
    private static final long LONGEST_MICROS = 3_600_000_000L;

    /** How a call ended. */
    enum Outcome {
        DONE,
        /** The handler said so. */
        FAILED,
        TRAPPED,
        /** Ran over its deadline and was stopped. */
        KILLED,
        /** Found no free instance or memory. */
        REJECTED
    }

    /** @param p50Micros 0 when there was no call; so is p99Micros */
    record Snapshot(
            long calls,
            long failed,
            long trapped,
            long killed,
            long rejected,
            long hostCalls,
            long denied,
            long limited,
            long p50Micros,
            long p99Micros) {}

    private final LongAdder[] outcomes = new LongAdder[Outcome.values().length];
    private final LongAdder hostCalls = new LongAdder();
    private final LongAdder denied = new LongAdder();
    private final LongAdder limited = new LongAdder();
    private volatile @Nullable ConcurrentHistogram durations;

    PluginStats() {
        for (int i = 0; i < outcomes.length; i++) {
            outcomes[i] = new LongAdder();
        }
    }

    /** @param nanos how long the guest had the thread */
    void ended(Outcome outcome, HostCalls.Counts counts, long nanos) {
        outcomes[outcome.ordinal()].increment();
        hostCalls.add(counts.calls());
        denied.add(counts.denied());
        limited.add(counts.limited());
        durations().recordValue(Math.min(LONGEST_MICROS, nanos / 1000));
    }

    /** A call was trapped since it exceeded a bound. */
    void overLimit() {
        limited.increment();
    }

    void rejected() {
        outcomes[Outcome.REJECTED.ordinal()].increment();
    }

    /** Only for a plugin that is called: with a thousand of them it would be the largest part of each. */
    private ConcurrentHistogram durations() {
        ConcurrentHistogram known = durations;
        return known == null ? firstDurations() : known;
    }

    private synchronized ConcurrentHistogram firstDurations() {
        ConcurrentHistogram known = durations;
        if (known == null) {
            known = new ConcurrentHistogram(LONGEST_MICROS, 2);
            durations = known;
        }
        return known;
    }

    Snapshot snapshot() {
        ConcurrentHistogram known = durations;
        return new Snapshot(
                count(Outcome.DONE) + count(Outcome.FAILED) + count(Outcome.TRAPPED) + count(Outcome.KILLED),
                count(Outcome.FAILED),
                count(Outcome.TRAPPED),
                count(Outcome.KILLED),
                count(Outcome.REJECTED),
                hostCalls.sum(),
                denied.sum(),
                limited.sum(),
                known == null ? 0 : known.getValueAtPercentile(50),
                known == null ? 0 : known.getValueAtPercentile(99));
    }

    private long count(Outcome outcome) {
        return outcomes[outcome.ordinal()].sum();
    }
}
