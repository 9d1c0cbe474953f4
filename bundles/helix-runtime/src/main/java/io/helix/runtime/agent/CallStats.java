package io.helix.runtime.agent;

import io.helix.api.agent.AgentDescriptor;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** What became of the calls of agent types in steps since the start, over all versions of a major. Thread safe. */
public final class CallStats {
    private static final long LONGEST_MICROS = 3_600_000_000L;
    private static final int DIGITS = 2;

    /** @param failed of the total; the percentiles are 0 when there was no call */
    public record Snapshot(long total, long failed, long p50Micros, long p99Micros) {}

    private static final class Calls {
        private final LongAdder failed = new LongAdder();
        private final ConcurrentHistogram micros = new ConcurrentHistogram(DIGITS);
    }

    private final Map<String, Calls> byType = new ConcurrentHashMap<>();

    /** A call has ended, well or not. */
    public void ended(AgentDescriptor type, boolean well, long nanos) {
        Calls calls = byType.computeIfAbsent(key(type.type(), type.major()), key -> new Calls());
        if (!well) {
            calls.failed.increment();
        }
        calls.micros.recordValue(Math.min(LONGEST_MICROS, nanos / 1000));
    }

    /** @param types as {@code type@version} */
    public Snapshot of(Collection<String> types) {
        List<Calls> found = types.stream()
                .map(CallStats::key)
                .distinct()
                .map(byType::get)
                .filter(Objects::nonNull)
                .toList();
        Histogram all = new Histogram(LONGEST_MICROS, DIGITS);
        found.forEach(calls -> all.add(calls.micros));
        long failed = found.stream().mapToLong(calls -> calls.failed.sum()).sum();
        long total = Math.max(all.getTotalCount(), failed); // another call may end while these are read
        return new Snapshot(total, failed, all.getValueAtPercentile(50), all.getValueAtPercentile(99));
    }

    private static String key(String typeAndVersion) {
        int dot = typeAndVersion.indexOf('.', typeAndVersion.lastIndexOf('@') + 1);
        return dot < 0 ? typeAndVersion : typeAndVersion.substring(0, dot);
    }

    private static String key(String type, int major) {
        return type + "@" + major;
    }
}
