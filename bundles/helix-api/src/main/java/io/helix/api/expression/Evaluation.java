package io.helix.api.expression;

import com.fasterxml.jackson.databind.JsonNode;

/** What an expression came to. */
public sealed interface Evaluation {
    record Value(JsonNode value) implements Evaluation {}

    /** A field it reads is not there. */
    record Absent(String message) implements Evaluation {}

    /** Wrong types, a limit, an overflow. */
    record Failed(String message) implements Evaluation {}

    /** Whether it is the value {@code true}; as a condition, everything else is not met. */
    default boolean isTrue() {
        return this instanceof Value(JsonNode value) && value.isBoolean() && value.booleanValue();
    }
}
