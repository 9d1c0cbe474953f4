package io.helix.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;

/** Translates between JSON and CEL's values. */
final class Values {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Values() {}

    /** Integers that fit become long, as CEL knows no other integer; all other numbers become double. */
    static Object ofJson(JsonNode node, Budget budget) {
        return switch (node.getNodeType()) {
            case ARRAY -> new JsonList(node, budget);
            case OBJECT -> new JsonMap(node, budget);
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> ofNumber(node);
            case STRING, BINARY, POJO -> node.asText();
            case NULL, MISSING -> NullValue.NULL_VALUE;
        };
    }

    private static Object ofNumber(JsonNode node) {
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        return node.doubleValue();
    }

    /**
     * @param budget bounds the size of the result
     * @throws IllegalArgumentException when JSON has no such value
     */
    static JsonNode toJson(Object value, Budget budget) {
        budget.charge(1);
        return switch (value) {
            case JsonMap map -> map.node();
            case JsonList list -> list.node();
            case Boolean truth -> NODES.booleanNode(truth);
            case Long number -> ofLong(number);
            case UnsignedLong number -> NODES.numberNode(number.bigIntegerValue());
            case Double number -> ofDouble(number);
            case String text -> ofText(text, budget);
            case NullValue nothing -> NODES.nullNode();
            case CelByteString bytes -> ofText(Base64.getEncoder().encodeToString(bytes.toByteArray()), budget);
            case Instant time -> NODES.textNode(time.toString());
            case Duration duration -> NODES.textNode(ofDuration(duration));
            case Collection<?> list -> ofList(list, budget);
            case Map<?, ?> map -> ofMap(map, budget);
            default -> throw new IllegalArgumentException("the expression's value is not JSON data");
        };
    }

    /** Small numbers get the node type that the parser gives them, so that nodes compare equal. */
    private static JsonNode ofLong(long number) {
        return number == (int) number ? NODES.numberNode((int) number) : NODES.numberNode(number);
    }

    private static JsonNode ofDouble(double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("the expression's value is " + number + ", which JSON cannot hold");
        }
        return NODES.numberNode(number);
    }

    private static JsonNode ofText(String text, Budget budget) {
        budget.charge(text.length());
        return NODES.textNode(text);
    }

    /** As CEL writes durations: {@code 1.5s}. */
    private static String ofDuration(Duration duration) {
        BigDecimal seconds = BigDecimal.valueOf(duration.getSeconds()).add(BigDecimal.valueOf(duration.getNano(), 9));
        return seconds.stripTrailingZeros().toPlainString() + "s";
    }

    private static JsonNode ofList(Collection<?> list, Budget budget) {
        ArrayNode array = NODES.arrayNode();
        list.forEach(item -> array.add(toJson(item, budget)));
        return array;
    }

    private static JsonNode ofMap(Map<?, ?> map, Budget budget) {
        ObjectNode object = NODES.objectNode();
        map.forEach((key, value) -> object.set(String.valueOf(key), toJson(value, budget)));
        return object;
    }
}
