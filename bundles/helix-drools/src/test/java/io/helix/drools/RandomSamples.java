package io.helix.drools;

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
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Random patterns and events over so small a vocabulary that many of them meet. The soak of the benchmarks uses it too. */
public final class RandomSamples {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String[] TEXTS = {
        "", "a", "A", "ab", "aB*", "abc", "5", "true", "10.0.0.1", "10.9.9.9", "\\", "\uD800"
    };
    private static final String[] NUMBERS = {
        "0",
        "1",
        "5",
        "5.0",
        "50e-1",
        "-5",
        "0.1",
        "0.10000000000000001",
        "9007199254740992",
        "9007199254740993",
        "123456789012345678901234567890",
        "1e400",
        "10e399",
        "-1e400",
        "1e-400",
        "1000000000000000000",
        "1e18"
    };
    private static final String[] NAMES = {"a", "b", "c"};
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
            List.of("data", "a", "b"),
            List.of("data", "a", "b", "c"),
            List.of("data", "c"));

    private final Random random;

    public RandomSamples(long seed) {
        random = new Random(seed);
    }

    private String one(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    String type() {
        return "t" + random.nextInt(4);
    }

    public Event event() {
        return new Event(
                "1",
                one("a", "ab", "abc"),
                type(),
                random.nextBoolean() ? null : one("a", "b", "5"),
                Instant.EPOCH,
                random.nextBoolean() ? Map.of() : Map.of("ext", one("a", "5")),
                random.nextInt(20) == 0 ? NODES.missingNode() : value(4));
    }

    private JsonNode value(int depth) {
        int kind = random.nextInt(depth > 0 ? 12 : 6);
        return switch (kind) {
            case 0, 1 -> NODES.textNode(one(TEXTS));
            case 2, 3 -> number();
            case 4 -> NODES.booleanNode(random.nextBoolean());
            case 5 -> NODES.nullNode();
            case 6, 7 -> array(depth - 1);
            default -> object(depth - 1);
        };
    }

    private JsonNode number() {
        String text = one(NUMBERS);
        return switch (random.nextInt(3)) {
            case 0 -> NODES.numberNode(new BigDecimal(text));
            case 1 -> NODES.numberNode(Double.parseDouble(text));
            default -> text.matches("-?\\d{1,18}") ? NODES.numberNode(Long.parseLong(text)) : NODES.numberNode(5);
        };
    }

    private ArrayNode array(int depth) {
        ArrayNode array = NODES.arrayNode();
        IntStream.range(0, random.nextInt(4)).forEach(i -> array.add(value(depth)));
        return array;
    }

    private ObjectNode object(int depth) {
        ObjectNode object = NODES.objectNode();
        IntStream.range(0, random.nextInt(4)).forEach(i -> object.set(one(NAMES), value(depth)));
        return object;
    }

    public Pattern pattern() {
        Condition rest = condition(2);
        return random.nextInt(3) == 0 ? new Pattern(rest) : new Pattern(new Condition.AllOf(List.of(ofType(), rest)));
    }

    private Condition ofType() {
        List<ValueTest> types = Stream.generate(() -> (ValueTest) new ValueTest.Equal(NODES.textNode(type())))
                .limit(1 + random.nextInt(3))
                .toList();
        return new Condition.Field(List.of("type"), types);
    }

    private Condition condition(int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 4 -> new Condition.AllOf(conditions(depth - 1));
            case 5 -> new Condition.AnyOf(conditions(depth - 1));
            case 0 -> field(List.of(new ValueTest.Equal(value(0))));
            default -> field(tests(1));
        };
    }

    private Condition field(List<ValueTest> tests) {
        return new Condition.Field(PATHS.get(random.nextInt(PATHS.size())), tests);
    }

    private List<Condition> conditions(int depth) {
        return Stream.generate(() -> condition(depth)).limit(random.nextInt(4)).toList();
    }

    private List<ValueTest> tests(int depth) {
        return Stream.generate(() -> test(depth)).limit(1 + random.nextInt(3)).toList();
    }

    private ValueTest test(int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 8)) {
            case 0 -> new ValueTest.Prefix(one(TEXTS), random.nextBoolean());
            case 1 -> new ValueTest.Suffix(one(TEXTS), random.nextBoolean());
            case 2 -> new ValueTest.EqualIgnoreCase(one(TEXTS));
            case 3 -> new ValueTest.Wildcard(one("*", "a*", "*b", "a*c", "a\\*", "*\\*", "\\\\", "**b*", "abc"));
            case 4 -> range();
            case 5 -> new ValueTest.Cidr(one("10.0.0.0/8", "10.0.0.1/32", "::/0"));
            case 6, 7 -> new ValueTest.Equal(value(0));
            case 8 -> new ValueTest.Exists(random.nextBoolean());
            default -> new ValueTest.AnythingBut(tests(0));
        };
    }

    private ValueTest range() {
        BigDecimal low = random.nextBoolean() ? null : new BigDecimal(one(NUMBERS));
        BigDecimal high = random.nextBoolean() ? null : new BigDecimal(one(NUMBERS));
        return new ValueTest.NumericRange(low, random.nextBoolean(), high, random.nextBoolean());
    }
}
