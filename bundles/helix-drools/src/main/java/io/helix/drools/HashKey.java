package io.helix.drools;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A value that a hash can find. Strings and numbers never meet: "5" is not 5.
 *
 * @param value the string, or {@link Numbers#key} of the number
 */
record HashKey(boolean isText, String value) {
    /** Of a string or a number. */
    static HashKey of(JsonNode value) {
        return value.isTextual() ? new HashKey(true, value.textValue()) : new HashKey(false, Numbers.key(value));
    }

    static boolean canHold(JsonNode value) {
        return value.isTextual() || Numbers.isNumber(value);
    }
}
