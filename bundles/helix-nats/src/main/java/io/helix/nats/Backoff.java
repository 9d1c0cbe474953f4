package io.helix.nats;

import java.time.Duration;
import java.util.List;

/** Waits that grow with the number of failures. */
final class Backoff {
    private static final List<Duration> HANDLER =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(2));
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private Backoff() {}

    /** After a handler threw for the {@code attempt}th time. */
    static Duration ofHandler(int attempt) {
        return HANDLER.get(Math.clamp(attempt - 1, 0, HANDLER.size() - 1));
    }

    /** After {@code failures} failures in a row: 100 ms doubling to 5 s. */
    static Duration of(int failures) {
        Duration wait = Duration.ofMillis(100L << Math.clamp(failures - 1, 0, 10));
        return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
    }
}
