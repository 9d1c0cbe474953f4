package io.helix.drools.situation;

import io.helix.api.situation.Situation.Measure;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Measured values. */
final class Values {
    /** Far beyond what a double holds. Adding 1 to 1E999999999 would fill the memory. */
    private static final int MOST_DIGITS = 1_000;

    private Values() {}

    /** Whether {@code value} can be measured. */
    static boolean suits(@Nullable Comparable<?> value, Measure measure) {
        return switch (measure) {
            case COUNT -> true;
            case SUM, AVG, MIN, MAX -> value instanceof BigDecimal number && isSane(number);
            case DISTINCT -> value instanceof BigDecimal number ? isSane(number) : value != null;
        };
    }

    private static boolean isSane(BigDecimal number) {
        return number.precision() <= MOST_DIGITS && Math.abs((long) number.scale()) <= MOST_DIGITS;
    }

    /** Of one that suits. */
    static BigDecimal number(@Nullable Comparable<?> value) {
        if (value instanceof BigDecimal number) {
            return number;
        }
        throw new IllegalArgumentException(value + " is not a number");
    }

    /** Equal exactly for equal values. */
    static Object identity(@Nullable Comparable<?> value) {
        return switch (value) {
            case BigDecimal number -> number.stripTrailingZeros();
            case null -> "";
            default -> value;
        };
    }

    /** One way to write each number. */
    static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
