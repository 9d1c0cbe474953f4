package io.helix.drools;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** One value of an event, with what the checks ask of it worked out at most once. */
final class Value {
    private static final byte UNKNOWN = 0;
    private static final byte NUMBER = 1;
    private static final byte NO_NUMBER = 2;

    private final @Nullable String text;
    private final @Nullable JsonNode node;
    private byte kind;
    private double approximate;

    Value(String text) {
        this.text = text;
        this.node = null;
        this.kind = NO_NUMBER;
    }

    Value(JsonNode node) {
        this.text = node.isTextual() ? node.textValue() : null;
        this.node = node;
        this.kind = text == null ? UNKNOWN : NO_NUMBER;
    }

    /** Null when the value is not a string. */
    @Nullable
    String text() {
        return text;
    }

    /** @param hash of {@code wanted} */
    boolean isText(String wanted, int hash) {
        return text != null && text.hashCode() == hash && text.equals(wanted);
    }

    boolean isNull() {
        return node != null && node.isNull();
    }

    boolean isBoolean(boolean wanted) {
        return node != null && node.isBoolean() && node.booleanValue() == wanted;
    }

    boolean isNumber() {
        if (kind == UNKNOWN && node != null) {
            kind = Numbers.isNumber(node) ? NUMBER : NO_NUMBER;
            approximate = kind == NUMBER ? node.doubleValue() : 0;
        }
        return kind == NUMBER;
    }

    /**
     * Compares exactly. Rounding to double keeps the order of numbers, so only when the rounded ones are equal is the
     * slow comparison needed. Call only if {@link #isNumber()}.
     */
    int compareTo(double approximateOther, BigDecimal exactOther) {
        int order = Double.compare(approximate + 0.0, approximateOther + 0.0);
        return order != 0 || node == null ? order : node.decimalValue().compareTo(exactOther);
    }

    /** The same text for equal numbers; null when the value is no number. */
    @Nullable
    String numberKey() {
        return !isNumber() || node == null ? null : Numbers.key(node);
    }

    /** Null when the value is neither a string nor a number. */
    @Nullable
    HashKey hashKey() {
        String number = text == null ? numberKey() : null;
        return text != null ? new HashKey(true, text) : number != null ? new HashKey(false, number) : null;
    }
}
