package io.helix.sdk.processor;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** JSON as a value. The processor runs on the author's compiler path, so it brings no JSON library there. */
sealed interface Json {
    record Text(String value) implements Json {}

    /** @param literal as written, so that nothing is lost */
    record Num(String literal) implements Json {
        boolean whole() {
            return literal.chars().allMatch(c -> c == '-' || c >= '0' && c <= '9');
        }
    }

    record Bool(boolean value) implements Json {}

    record Null() implements Json {}

    record Arr(List<Json> items) implements Json {}

    /** @param fields in the order to write them */
    record Obj(Map<String, Json> fields) implements Json {}

    static Json number(long value) {
        return new Num(Long.toString(value));
    }

    /** The JSON text, in one line. */
    default String render() {
        return switch (this) {
            case Text text -> quote(text.value());
            case Num number -> number.literal();
            case Bool bool -> Boolean.toString(bool.value());
            case Null ignored -> "null";
            case Arr array -> array.items().stream().map(Json::render).collect(Collectors.joining(",", "[", "]"));
            case Obj object ->
                object.fields().entrySet().stream()
                        .map(field ->
                                quote(field.getKey()) + ":" + field.getValue().render())
                        .collect(Collectors.joining(",", "{", "}"));
        };
    }

    /** A JSON string literal in plain ASCII, whatever the encoding of the file it ends up in. */
    static String quote(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c < 0x20 || c > 0x7e) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
