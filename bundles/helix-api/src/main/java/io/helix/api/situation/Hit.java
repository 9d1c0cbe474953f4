package io.helix.api.situation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event in a role of a rule.
 *
 * @param key only hits with equal keys are brought together; empty when the rule has no key
 * @param time when the event happened, as the rule's clock has it; whole milliseconds count
 * @param order the place of the event in the log; the same for all hits of one event
 * @param value what the rule measures: a {@link java.math.BigDecimal}, or a text for {@code DISTINCT}; null otherwise
 * @param event what the caller wants to find again in the match; the engine does not look at it
 */
public record Hit(
        String rule,
        String alias,
        String key,
        Instant time,
        long order,
        @Nullable Comparable<?> value,
        @Nullable Object event) {}
