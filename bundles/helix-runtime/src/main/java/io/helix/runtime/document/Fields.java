package io.helix.runtime.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the fields of one object strictly. Whatever is wrong is added to a list of problems and a harmless value is
 * returned in its place, so that one pass finds everything. {@link #end()} reports the keys that nobody asked for.
 */
final class Fields {
    private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(1);

    private final ObjectNode node;
    private final String where;
    private final List<Problem> problems;
    private final Set<String> known = new LinkedHashSet<>();

    Fields(JsonNode node, String where, List<Problem> problems) {
        this.where = where;
        this.problems = problems;
        if (node instanceof ObjectNode object) {
            this.node = object;
        } else {
            this.node = JsonNodeFactory.instance.objectNode();
            problem("", "must be an object, not " + kindOf(node));
        }
    }

    String where(String key) {
        return key.isEmpty() ? where : where.isEmpty() ? key : where + "." + key;
    }

    void problem(String key, String message) {
        problems.add(new Problem(where(key), message));
    }

    boolean has(String key) {
        known.add(key);
        return node.hasNonNull(key);
    }

    Optional<JsonNode> any(String key) {
        return has(key) ? Optional.of(node.get(key)) : Optional.empty();
    }

    String text(String key) {
        Optional<String> text = optionalText(key);
        if (text.isEmpty() && !has(key)) {
            problem(key, "is required");
        }
        return text.orElse("");
    }

    Optional<String> optionalText(String key) {
        Optional<JsonNode> value = any(key);
        if (value.isPresent() && !value.get().isTextual()) {
            problem(key, "must be a string, not " + kindOf(value.get()));
            return Optional.empty();
        }
        return value.map(JsonNode::textValue);
    }

    boolean flag(String key, boolean absent) {
        Optional<JsonNode> value = any(key);
        if (value.isPresent() && !value.get().isBoolean()) {
            problem(key, "must be true or false, not " + kindOf(value.get()));
            return absent;
        }
        return value.map(JsonNode::booleanValue).orElse(absent);
    }

    long integer(String key, long absent, long min, long max) {
        Optional<JsonNode> value = any(key);
        if (value.isEmpty()) {
            return absent;
        }
        JsonNode number = value.get();
        if (!number.isIntegralNumber()
                || !number.canConvertToLong()
                || number.longValue() < min
                || number.longValue() > max) {
            problem(key, "must be a whole number from " + min + " to " + max);
            return absent;
        }
        return number.longValue();
    }

    double fraction(String key, double absent) {
        Optional<JsonNode> value = any(key);
        if (value.isEmpty()) {
            return absent;
        }
        double number = value.get().isNumber() ? value.get().doubleValue() : -1;
        if (number < 0 || number > 1) {
            problem(key, "must be a number from 0 to 1");
            return absent;
        }
        return number;
    }

    Duration duration(String key, Duration absent, Duration max) {
        Optional<String> text = optionalText(key);
        if (text.isEmpty()) {
            return absent;
        }
        Optional<Duration> duration = Durations.parse(text.get());
        if (duration.isEmpty() || duration.get().isZero() || duration.get().compareTo(max) > 0) {
            problem(
                    key,
                    "'" + text.get() + "' is not a duration such as 500ms, 5s, 10m or 2h, up to " + max.toSeconds()
                            + "s");
            return absent;
        }
        return duration.get();
    }

    /** A time that may be zero. */
    Duration span(String key, Duration absent, Duration max) {
        Optional<String> text = optionalText(key);
        boolean zero = text.isPresent()
                && Durations.parse(text.get()).filter(Duration::isZero).isPresent();
        return zero ? Duration.ZERO : duration(key, absent, max);
    }

    /** The length of a window; required. */
    Duration window(String key) {
        if (!has(key)) {
            problem(key, "is required: a time such as 30s, 10m or 2d");
            return SHORTEST_WINDOW;
        }
        Duration window = duration(key, SHORTEST_WINDOW, RuleReader.LONGEST);
        if (window.compareTo(SHORTEST_WINDOW) < 0) {
            problem(key, "is less than a second: windows last from 1s to 7d");
        }
        return window;
    }

    <E extends Enum<E>> E choice(String key, E absent, Class<E> type) {
        Optional<String> text = optionalText(key);
        if (text.isEmpty()) {
            return absent;
        }
        List<String> words = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String word = constant.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
            if (word.equals(text.get())) {
                return constant;
            }
            words.add(word);
        }
        problem(
                key,
                "'" + text.get() + "' is not one of " + String.join(", ", words) + Suggestion.of(text.get(), words));
        return absent;
    }

    ObjectNode object(String key) {
        Optional<JsonNode> value = any(key);
        if (value.isPresent() && !value.get().isObject()) {
            problem(key, "must be an object, not " + kindOf(value.get()));
            return JsonNodeFactory.instance.objectNode();
        }
        return value.map(ObjectNode.class::cast).orElseGet(JsonNodeFactory.instance::objectNode);
    }

    List<JsonNode> list(String key, int max) {
        Optional<JsonNode> value = any(key);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!(value.get() instanceof ArrayNode array)) {
            problem(key, "must be a list, not " + kindOf(value.get()));
            return List.of();
        }
        if (array.size() > max) {
            problem(key, "has " + array.size() + " entries; " + max + " are allowed");
            return List.of();
        }
        List<JsonNode> items = new ArrayList<>();
        array.forEach(items::add);
        return items;
    }

    List<String> texts(String key, int max) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list(key, max)) {
            if (item.isTextual()) {
                texts.add(item.textValue());
            } else {
                problem(key, "must hold strings only, not " + kindOf(item));
            }
        }
        return texts;
    }

    /** Names a key of the format that this Helix does not serve. */
    void unsupported(String key, String instead) {
        if (has(key)) {
            problem(key, "is not supported by this version of Helix" + (instead.isEmpty() ? "" : ": " + instead));
        }
    }

    void end() {
        for (String key : (Iterable<String>) node::fieldNames) {
            if (!known.contains(key)) {
                problem(key, "is not a known key" + Suggestion.of(key, known));
            }
        }
    }

    private static String kindOf(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT, POJO -> "an object";
            case STRING, BINARY -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL, MISSING -> "nothing";
        };
    }
}
