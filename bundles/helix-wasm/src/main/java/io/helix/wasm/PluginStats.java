package io.helix.wasm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
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

    /** @param limited how often each bound stood in the way, those that never did left out; p50Micros 0 when there was no call; so is p99Micros */
    record Snapshot(
            long calls,
            long failed,
            long trapped,
            long killed,
            long rejected,
            long hostCalls,
            long denied,
            Map<String, Long> limited,
            long p50Micros,
            long p99Micros) {}

    private final LongAdder[] outcomes = new LongAdder[Outcome.values().length];
    private final LongAdder hostCalls = new LongAdder();
    private final LongAdder denied = new LongAdder();
    private final AtomicLongArray limited = new AtomicLongArray(Bound.values().length);
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
        counts.limited().forEach((bound, times) -> limited.addAndGet(bound.ordinal(), times));
        durations().recordValue(Math.min(LONGEST_MICROS, nanos / 1000));
    }

    /** A call was trapped since it exceeded a bound, if one is given. */
    void over(@Nullable Bound bound) {
        if (bound != null) {
            limited.incrementAndGet(bound.ordinal());
        }
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
                limited(),
                known == null ? 0 : known.getValueAtPercentile(50),
                known == null ? 0 : known.getValueAtPercentile(99));
    }

    private Map<String, Long> limited() {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Bound bound : Bound.values()) {
            long times = limited.get(bound.ordinal());
            if (times > 0) {
                counts.put(bound.word(), times);
            }
        }
        return counts;
    }

    private long count(Outcome outcome) {
        return outcomes[outcome.ordinal()].sum();
    }
}
