package io.helix.sdk.processor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the JSON text of a default value. */
final class JsonParser {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

    private final String text;
    private int at;

    private JsonParser(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException when {@code text} is not one JSON value */
    static Json parse(String text) {
        JsonParser parser = new JsonParser(text);
        Json value = parser.value();
        parser.space();
        if (parser.at != text.length()) {
            throw parser.wrong();
        }
        return value;
    }

    private Json value() {
        space();
        return switch (peek()) {
            case '"' -> new Json.Text(string());
            case '[' -> array();
            case '{' -> object();
            case 't' -> word("true", new Json.Bool(true));
            case 'f' -> word("false", new Json.Bool(false));
            case 'n' -> word("null", new Json.Null());
            default -> number();
        };
    }

    private Json array() {
        expect('[');
        List<Json> items = new ArrayList<>();
        while (!closes(']', items.isEmpty())) {
            items.add(value());
        }
        return new Json.Arr(items);
    }

    private Json object() {
        expect('{');
        Map<String, Json> fields = new LinkedHashMap<>();
        while (!closes('}', fields.isEmpty())) {
            space();
            String name = string();
            space();
            expect(':');
            fields.put(name, value());
        }
        return new Json.Obj(fields);
    }

    private boolean closes(char end, boolean first) {
        space();
        if (peek() == end) {
            at++;
            return true;
        }
        if (!first) {
            expect(',');
        }
        return false;
    }

    private String string() {
        expect('"');
        StringBuilder out = new StringBuilder();
        while (peek() != '"') {
            char c = next();
            out.append(c == '\\' ? escaped() : c);
        }
        at++;
        return out.toString();
    }

    private char escaped() {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw wrong();
        };
    }

    private char unicode() {
        if (at + 4 > text.length()) {
            throw wrong();
        }
        at += 4;
        return (char) Integer.parseInt(text, at - 4, at, 16);
    }

    private Json number() {
        Matcher matcher = NUMBER.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw wrong();
        }
        at = matcher.end();
        return new Json.Num(matcher.group());
    }

    private Json word(String word, Json value) {
        if (!text.startsWith(word, at)) {
            throw wrong();
        }
        at += word.length();
        return value;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private void expect(char c) {
        if (next() != c) {
            at--;
            throw wrong();
        }
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    private char peek() {
        if (at >= text.length()) {
            throw wrong();
        }
        return text.charAt(at);
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException("not JSON at character " + (at + 1));
    }
}
