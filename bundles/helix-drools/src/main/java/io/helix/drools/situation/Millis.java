package io.helix.drools.situation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Lengths of time as whole milliseconds. */
final class Millis {
    /** Longer than anything that is remembered, and small enough to be added up. */
    static final long FOREVER = Long.MAX_VALUE / 1024;

    private static final Duration LONGEST = Duration.ofMillis(FOREVER);

    private Millis() {}

    /** For whole milliseconds x: x is less than {@code length} exactly if x is less than the result. */
    static long ceil(Duration length) {
        if (length.compareTo(LONGEST) >= 0) {
            return FOREVER;
        }
        long millis = length.toMillis();
        return length.minusMillis(millis).isPositive() ? millis + 1 : millis;
    }

    static long positive(@Nullable Duration length, String what) {
        if (length == null || !length.isPositive()) {
            throw new IllegalArgumentException(what + " must be a positive length of time, is " + length);
        }
        return ceil(length);
    }
}
