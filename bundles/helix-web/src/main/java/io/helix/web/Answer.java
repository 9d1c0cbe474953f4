package io.helix.web;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/** What a handler answers; written by {@link AnswerWriter}. */
sealed interface Answer {
    /** A value written as JSON, or as YAML when the caller prefers it. */
    record Value(int status, Object value, Map<String, String> headers) implements Answer {}

    record Empty(int status, Map<String, String> headers) implements Answer {}

    /** Known later; no thread waits meanwhile. */
    record Later(CompletionStage<? extends Answer> stage) implements Answer {}

    /** Server-Sent Events until one side has enough. */
    record Stream(EventStreams.Opening opening) implements Answer {}

    static Answer ok(Object value) {
        return new Value(200, value, Map.of());
    }

    static Answer noContent() {
        return new Empty(204, Map.of());
    }
}
