package io.helix.runtime.memory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.helix.api.event.EventFormat;
import java.math.BigDecimal;

/** Keys as text: the JSON of a value, the same for equal numbers. The text and the number that look alike stay apart. */
public final class Keys {
    public static final int LONGEST = 1_024;

    private Keys() {}

    /** Empty when the value cannot be a key. */
    public static String text(JsonNode value) {
        if (value.isNull() || value.isMissingNode() || isNoNumber(value)) {
            return "";
        }
        String text = value.isNumber() ? number(value.decimalValue()) : value.toString();
        return text.length() <= LONGEST ? text : "";
    }

    /** Whether it is one of the "numbers" that JSON cannot write, such as the quotient of 1.0 and 0.0. */
    static boolean isNoNumber(JsonNode value) {
        return value.isFloatingPointNumber() && !value.isBigDecimal() && !Double.isFinite(value.doubleValue());
    }

    private static String number(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        boolean plain = stripped.scale() <= 0 && stripped.precision() - stripped.scale() <= 40;
        return plain ? stripped.toPlainString() : stripped.toString();
    }

    /** The value again; MissingNode for the key of a rule that has none. */
    static JsonNode value(String key) {
        try {
            return key.isEmpty()
                    ? MissingNode.getInstance()
                    : EventFormat.json().readTree(key);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
