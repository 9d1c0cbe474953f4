package io.helix.api.expression;

import com.fasterxml.jackson.databind.JsonNode;

/** What an expression came to. */
public sealed interface Evaluation {
    record Value(JsonNode value) implements Evaluation {}

    /** A field it reads is not there. */
    record Absent(String message) implements Evaluation {}

    /** Wrong types, a limit, an overflow. */
    record Failed(String message) implements Evaluation {}
}
