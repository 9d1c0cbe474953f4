package io.helix.sdk.testing.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.event.Event;
import io.helix.api.rule.Condition;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.ValueTest;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Patterns and events at random, over so small a vocabulary that many of them meet. The same seed gives the same. */
public final class RandomPatterns {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> TEXTS = List.of(
            "", "a", "A", "ab", "aB*", "abc", "5", "true", "10.0.0.1", "10.9.9.9", "\\", "\u017f", "s", "\ud83d\ude00");
    private static final List<String> GLOBS = List.of("*", "a*", "*b", "a*c", "a\\*", "*\\*", "\\\\", "**b*", "abc");
    private static final List<String> BLOCKS = List.of("10.0.0.0/8", "10.0.0.1/32", "10.9.0.0/16", "::/0");
    private static final List<String> NUMBERS = List.of(
            "0",
            "1",
            "5",
            "5.0",
            "50e-1",
            "4.999999999999999999999",
            "5.000000000000000000001",
            "-5",
            "0.1",
            "0.10000000000000001",
            "9007199254740992",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "123456789012345678901234567890",
            "1e400",
            "-1e400",
            "1e-400",
            "1.7976931348623158e308");
    private static final List<String> NAMES = List.of("a", "b", "c", "a.b");
    private static final List<List<String>> PATHS = List.of(
            List.of("type"),
            List.of("id"),
            List.of("source"),
            List.of("subject"),
            List.of("time"),
            List.of("ext"),
            List.of("data"),
            List.of("data", "a"),
            List.of("data", "b"),
            List.of("data", "c"),
            List.of("data", "a", "b"),
            List.of("data", "a.b"),
            List.of("data", "a", "b", "c"));

    private final Random random;

    public RandomPatterns(long seed) {
        random = new Random(seed);
    }

    public <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** True once in {@code n} times. */
    public boolean oncePer(int n) {
        return random.nextInt(n) == 0;
    }

    public String type() {
        return one(List.of("t", "t.a", "t.a.b", "u"));
    }

    public String text() {
        return one(TEXTS);
    }

    /** In JSON's words. */
    public String number() {
        return one(NUMBERS);
    }

    public List<String> path() {
        return one(PATHS);
    }

    public Event event() {
        return new Event(
                one(List.of("1", "5")),
                one(List.of("a", "ab", "abc")),
                type(),
                oncePer(2) ? null : one(List.of("a", "b", "5")),
                Instant.EPOCH,
                oncePer(2) ? Map.of() : Map.of("ext", one(List.of("a", "5", "10.0.0.1"))),
                oncePer(20) ? NODES.missingNode() : oncePer(10) ? value(3) : object(3));
    }

    private JsonNode value(int depth) {
        return switch (random.nextInt(depth > 0 ? 11 : 7)) {
            case 0, 1 -> NODES.textNode(text());
            case 2, 3, 4 -> numberNode();
            case 5 -> NODES.booleanNode(oncePer(2));
            case 6 -> NODES.nullNode();
            case 7, 8 -> array(depth - 1);
            default -> object(depth - 1);
        };
    }

    private JsonNode numberNode() {
        BigDecimal number = new BigDecimal(number());
        if (number.scale() == 0 && number.precision() < 19 && oncePer(2)) {
            return NODES.numberNode(number.longValue());
        }
        return oncePer(2) && Double.isFinite(number.doubleValue())
                ? NODES.numberNode(number.doubleValue())
                : NODES.numberNode(number);
    }

    private ArrayNode array(int depth) {
        ArrayNode array = NODES.arrayNode();
        IntStream.range(0, random.nextInt(4)).forEach(i -> array.add(value(depth)));
        return array;
    }

    private ObjectNode object(int depth) {
        ObjectNode object = NODES.objectNode();
        IntStream.range(0, random.nextInt(5)).forEach(i -> object.set(one(NAMES), value(depth)));
        return object;
    }

    public Pattern pattern() {
        return new Pattern(condition(2));
    }

    private Condition condition(int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 4)) {
            case 4, 5 -> new Condition.AllOf(some(4, () -> condition(depth - 1)));
            case 6 -> new Condition.AnyOf(some(3, () -> condition(depth - 1)));
            default -> new Condition.Field(path(), some(oncePer(2) ? 2 : 3, () -> test(1)));
        };
    }

    private <T> List<T> some(int below, Supplier<T> supplier) {
        int least = oncePer(10) ? 0 : 1;
        return Stream.generate(supplier)
                .limit(least + (long) random.nextInt(below - least))
                .toList();
    }

    private ValueTest test(int depth) {
        return switch (random.nextInt(depth > 0 ? 12 : 9)) {
            case 0 -> new ValueTest.Prefix(text(), oncePer(2));
            case 1 -> new ValueTest.Suffix(text(), oncePer(2));
            case 2 -> new ValueTest.EqualIgnoreCase(text());
            case 3 -> new ValueTest.Wildcard(one(GLOBS));
            case 4, 5 -> new ValueTest.NumericRange(bound(), oncePer(2), bound(), oncePer(2));
            case 6 -> new ValueTest.Cidr(one(BLOCKS));
            case 7, 8 -> new ValueTest.Equal(value(0));
            case 9 -> new ValueTest.Exists(oncePer(2));
            default -> new ValueTest.AnythingBut(some(3, () -> test(0)));
        };
    }

    private @Nullable BigDecimal bound() {
        return oncePer(3) ? null : new BigDecimal(number());
    }
}
