package io.helix.drools;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;

/** Numbers as JSON has them: exact, of any size. */
final class Numbers {
    private static final int LONG_DIGITS = 18;

    private Numbers() {}

    /** False also for the "numbers" that JSON cannot write. */
    static boolean isNumber(JsonNode node) {
        boolean binary = node.isDouble() || node.isFloat();
        return node.isNumber() && (!binary || Double.isFinite(node.doubleValue()));
    }

    /** The same text for equal numbers, whatever way they are written or held. */
    static String key(JsonNode number) {
        return number.isInt() || number.isLong() ? Long.toString(number.longValue()) : key(number.decimalValue());
    }

    private static String key(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        long digits = (long) stripped.precision() - stripped.scale();
        boolean small = stripped.scale() <= 0 && digits <= LONG_DIGITS;
        // Text with the scale apart: toPlainString of 1E999999999 would fill the memory.
        return small ? Long.toString(stripped.longValue()) : integerKey(stripped);
    }

    private static String integerKey(BigDecimal stripped) {
        boolean fitsLong = stripped.scale() <= 0
                && stripped.scale() > -20
                && stripped.toBigInteger().bitLength() < 64;
        return fitsLong
                ? Long.toString(stripped.longValue())
                : stripped.unscaledValue() + "e" + -(long) stripped.scale();
    }
}
