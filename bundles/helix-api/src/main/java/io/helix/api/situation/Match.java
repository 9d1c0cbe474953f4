package io.helix.api.situation;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A situation that was found.
 *
 * @param time when it was complete: the time of the last hit, or of the deadline that passed, as the rule's clock has it
 * @param hits by alias; none for absent steps; for an aggregate the last hit of the window
 * @param aggregate null unless the situation is an aggregate
 */
public record Match(
        String rule,
        String key,
        Instant time,
        Map<String, Hit> hits,
        @Nullable Measured aggregate) {
    public Match {
        hits = Map.copyOf(hits);
    }

    /**
     * What was measured.
     *
     * @param value without zeros at the end
     * @param count of the hits in the window
     * @param from begin of the window: included when tumbling; what is after it when sliding
     * @param to end of the window, not included when tumbling; the time of its last hit when sliding
     */
    public record Measured(BigDecimal value, long count, Instant from, Instant to) {}

    /** The latest hit by order. */
    public Hit last() {
        return hits.values().stream()
                .max(java.util.Comparator.comparingLong(Hit::order))
                .orElseThrow(() -> new IllegalStateException("a match without hits"));
    }
}
