package io.helix.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Between Jackson's tree and the plain values JSONata works on. Whole numbers that fit into 64 bits stay exact; all
 * others are doubles, as JSONata defines.
 */
final class JsonValues {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_VALUES = 200_000;
    // Above this a double no longer holds every whole number.
    private static final double EXACT = 9_007_199_254_740_992.0;

    private int values;

    private JsonValues() {}

    static @Nullable Object toJava(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> toMap(node);
            case ARRAY -> toList(node);
            case NUMBER -> toNumber(node);
            case BOOLEAN -> node.booleanValue();
            case STRING -> node.textValue();
            case NULL, MISSING -> null;
            case BINARY, POJO -> node.asText();
        };
    }

    private static Map<String, @Nullable Object> toMap(JsonNode node) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        node.properties().forEach(field -> map.put(field.getKey(), toJava(field.getValue())));
        return map;
    }

    private static List<@Nullable Object> toList(JsonNode node) {
        List<@Nullable Object> list = new ArrayList<>(node.size());
        node.forEach(item -> list.add(toJava(item)));
        return list;
    }

    private static Number toNumber(JsonNode node) {
        if (node.isIntegralNumber() && node.canConvertToInt()) {
            return node.intValue();
        }
        return node.isIntegralNumber() && node.canConvertToLong() ? (Number) node.longValue() : node.doubleValue();
    }

    /** @throws IllegalArgumentException when the value is not JSON, e.g. a function, or too large */
    static JsonNode fromJava(@Nullable Object value) {
        return value == null ? MissingNode.getInstance() : new JsonValues().node(value);
    }

    private JsonNode node(@Nullable Object value) {
        if (++values > MAX_VALUES) {
            throw new IllegalArgumentException("the result has more than " + MAX_VALUES + " values");
        }
        return switch (value) {
            case null -> NODES.nullNode();
            case String text -> NODES.textNode(text);
            case Boolean bool -> NODES.booleanNode(bool);
            case Integer number -> NODES.numberNode(number.intValue());
            case Long number -> NODES.numberNode(number.longValue());
            case Number number -> decimal(number.doubleValue());
            case Map<?, ?> map -> object(map);
            case List<?> list -> array(list);
            default -> throw new IllegalArgumentException("the result holds a function; call it, or leave it out");
        };
    }

    private JsonNode object(Map<?, ?> map) {
        ObjectNode object = NODES.objectNode();
        map.forEach((name, value) -> object.set(String.valueOf(name), node(value)));
        return object;
    }

    private JsonNode array(List<?> list) {
        ArrayNode array = NODES.arrayNode();
        list.forEach(item -> array.add(node(item)));
        return array;
    }

    private static JsonNode decimal(double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("the result holds a number that JSON cannot: " + number);
        }
        boolean whole = number == Math.rint(number) && Math.abs(number) < EXACT;
        return whole ? NODES.numberNode((long) number) : NODES.numberNode(number);
    }
}
