package io.helix.runtime.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.event.Event;
import io.helix.api.rule.Condition;
import io.helix.api.rule.ValueTest;
import io.helix.sdk.testing.rule.PlainPatterns;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each test with each other, over all events that have none, one or two of some telling values. */
class TestLogicTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    /** With a long s and the sign for Kelvin, which are an s and a k but for case, and a letter of two chars. */
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "A",
            "ab",
            "aB",
            "Ab",
            "aba",
            "b",
            "s",
            "\u017f",
            "k",
            "\u212a",
            "\ud801\udc00",
            "\ud801\udc28",
            "a*",
            "10.0.0.1",
            "10.1.2.3",
            "::1");

    private static final List<String> GLOBS =
            List.of("*", "**", "a*", "*b", "a*a", "ab*ba", "a*b*a", "ab", "A*", "a\\*", "*1*");
    private static final List<String> BLOCKS =
            List.of("10.0.0.0/8", "10.0.0.0/16", "10.0.0.9/16", "10.0.0.1", "10.0.0.1/32", "::/0", "::1/128");
    private static final List<BigDecimal> NUMBERS =
            Stream.of("-1", "0", "1", "1.5").map(BigDecimal::new).toList();

    private final List<ValueTest> tests = tests();
    private final List<Event> events = events();
    /** Of each test the events that pass it. */
    private final List<BitSet> passing = tests.stream().map(this::passing).toList();

    @Test
    void whatExcludesForOneValueIsNeverPassedByOne() {
        assertThat(pairs(TestLogic::excludeForOne)).hasSizeGreaterThan(5_000).noneMatch(pair -> someOne(pair.both()));
    }

    @Test
    void whatExcludesIsNeverPassed() {
        assertThat(pairs(TestLogic::exclude))
                .hasSizeGreaterThan(500)
                .allMatch(pair -> pair.both().isEmpty());
    }

    @Test
    void whatImpliesForOneValueIsPassedByEachOfThose() {
        assertThat(pairs(TestLogic::impliesForOne))
                .hasSizeGreaterThan(1_000)
                .noneMatch(pair -> someOne(pair.firstAlone()));
    }

    @Test
    void whatImpliesIsPassedByAllOfThose() {
        assertThat(pairs(TestLogic::implies))
                .hasSizeGreaterThan(1_000)
                .allMatch(pair -> pair.firstAlone().isEmpty());
    }

    @Test
    void everyTestImpliesItselfAndExcludesNoneItPasses() {
        for (int i = 0; i < tests.size(); i++) {
            ValueTest test = tests.get(i);
            assertThat(TestLogic.implies(test, test)).as(test.toString()).isTrue();
            assertThat(TestLogic.excludeForOne(test, test) && someOne(passing.get(i)))
                    .isFalse();
        }
    }

    private record Pair(ValueTest first, ValueTest second, BitSet both, BitSet firstAlone) {}

    private List<Pair> pairs(BiPredicate<ValueTest, ValueTest> claim) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < tests.size(); i++) {
            for (int j = 0; j < tests.size(); j++) {
                if (claim.test(tests.get(i), tests.get(j))) {
                    pairs.add(pair(i, j));
                }
            }
        }
        return pairs;
    }

    private Pair pair(int i, int j) {
        BitSet both = (BitSet) passing.get(i).clone();
        both.and(passing.get(j));
        BitSet firstAlone = (BitSet) passing.get(i).clone();
        firstAlone.andNot(passing.get(j));
        return new Pair(tests.get(i), tests.get(j), both, firstAlone);
    }

    private boolean someOne(BitSet found) {
        return found.stream().anyMatch(i -> !events.get(i).data().path("a").isArray());
    }

    private BitSet passing(ValueTest test) {
        Condition condition = new Condition.Field(List.of("data", "a"), List.of(test));
        return IntStream.range(0, events.size())
                .filter(i -> PlainPatterns.matches(condition, events.get(i)))
                .collect(BitSet::new, BitSet::set, BitSet::or);
    }

    private static List<ValueTest> tests() {
        List<ValueTest> some = new ArrayList<>();
        values().filter(JsonNode::isValueNode).map(ValueTest.Equal::new).forEach(some::add);
        for (String text : TEXTS) {
            some.add(new ValueTest.EqualIgnoreCase(text));
            for (boolean ignoreCase : new boolean[] {false, true}) {
                some.add(new ValueTest.Prefix(text, ignoreCase));
                some.add(new ValueTest.Suffix(text, ignoreCase));
            }
        }
        GLOBS.stream().map(ValueTest.Wildcard::new).forEach(some::add);
        BLOCKS.stream().map(ValueTest.Cidr::new).forEach(some::add);
        ranges().forEach(some::add);
        List<ValueTest> all = new ArrayList<>(some);
        some.forEach(test -> all.add(new ValueTest.AnythingBut(List.of(test, some.get(all.size() % some.size())))));
        all.add(new ValueTest.Exists(true));
        all.add(new ValueTest.Exists(false));
        return all;
    }

    private static Stream<ValueTest> ranges() {
        return NUMBERS.stream()
                .flatMap(bound -> Stream.of(
                        new ValueTest.NumericRange(bound, true, null, false),
                        new ValueTest.NumericRange(bound, false, null, false),
                        new ValueTest.NumericRange(null, false, bound, true),
                        new ValueTest.NumericRange(null, false, bound, false),
                        new ValueTest.NumericRange(bound, true, bound, true),
                        new ValueTest.NumericRange(bound, false, new BigDecimal("1.0"), true)));
    }

    private static Stream<JsonNode> values() {
        return Stream.of(
                        TEXTS.stream().map(NODES::textNode),
                        NUMBERS.stream().map(NODES::numberNode),
                        Stream.of(NODES.booleanNode(true), NODES.nullNode(), NODES.objectNode()))
                .flatMap(nodes -> nodes);
    }

    private static List<Event> events() {
        List<Event> events = new ArrayList<>(List.of(event(NODES.objectNode())));
        values().forEach(value -> {
            events.add(event(NODES.objectNode().set("a", value)));
            values().forEach(other -> events.add(event(
                    NODES.objectNode().set("a", NODES.arrayNode().add(value).add(other)))));
        });
        return events;
    }

    private static Event event(ObjectNode data) {
        return new Event("1", "/test", "test", null, Instant.EPOCH, Map.of(), data);
    }
}
