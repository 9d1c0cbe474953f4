package io.helix.wasm;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a manifest says under {@code limits}; null where it says nothing. */
record LimitsWanted(
        @Nullable Integer timeoutMs,
        @Nullable Integer hostCalls,
        @Nullable Integer events,
        @Nullable Integer eventBytes,
        @Nullable Integer outputBytes,
        @Nullable Integer logLines,
        @Nullable Integer concurrency,
        @Nullable Integer memoryPages) {

    /**
     * What of it is granted. A plugin may ask for less than the operator allows, never for more; of time it may ask for
     * more than is usual, up to {@code longest}.
     */
    Limits within(Limits allowed, Duration longest) {
        return new Limits(
                timeoutMs == null ? allowed.timeout() : shorter(Duration.ofMillis(timeoutMs), longest),
                lesser(hostCalls, allowed.hostCalls()),
                lesser(events, allowed.events()),
                lesser(eventBytes, allowed.eventBytes()),
                lesser(outputBytes, allowed.outputBytes()),
                lesser(logLines, allowed.logLines()),
                lesser(concurrency, allowed.concurrency()),
                lesser(memoryPages, allowed.memoryPages()));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static int lesser(@Nullable Integer wanted, int allowed) {
        return wanted == null ? allowed : Math.min(wanted, allowed);
    }
}
