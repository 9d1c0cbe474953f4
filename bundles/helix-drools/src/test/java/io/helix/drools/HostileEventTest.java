package io.helix.drools;

import static io.helix.drools.Samples.PROFILE;
import static io.helix.drools.Samples.event;
import static io.helix.drools.Samples.json;
import static io.helix.drools.Samples.key;
import static io.helix.drools.Samples.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.RuleKey;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody who sends events can keep the rules of others from matching. */
class HostileEventTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> FIELDS = List.of("text", "number", "range", "prefix", "glob", "block");

    private final DroolsRuleMatcher matcher = new DroolsRuleMatcher();
    private final Map<RuleKey, Pattern> patterns = new HashMap<>();

    @BeforeEach
    void putRulesThatIndexEveryField() {
        for (int i = 0; i < 50; i++) {
            patterns.put(key("text" + i), pattern("{'data':{'text':'v" + i + "'}}"));
            patterns.put(key("number" + i), pattern("{'data':{'number':" + i + "}}"));
            patterns.put(key("range" + i), pattern("{'type':'t','data':{'range':[{'gte':" + i + "}]}}"));
            patterns.put(key("prefix" + i), pattern("{'type':'t','data':{'prefix':[{'prefix':'p" + i + "'}]}}"));
            patterns.put(key("block" + i), pattern("{'type':'t','data':{'block':[{'cidr':'10." + i + ".0.0/16'}]}}"));
        }
        // Few, as the plain evaluator takes its time with them.
        for (int i = 0; i < 4; i++) {
            patterns.put(key("glob" + i), pattern("{'type':'t','data':{'glob':[{'wildcard':'*a*a*a*" + i + "'}]}}"));
        }
        patterns.put(key("witness"), pattern("{'type':'t','data':{'witness':true}}"));
        matcher.put(patterns);
    }

    @ParameterizedTest
    @MethodSource("hostileValues")
    void hostileValueInAnyFieldThrowsNothingAndHidesNoMatch(JsonNode value) {
        for (String field : FIELDS) {
            ObjectNode data = NODES.objectNode().put("witness", true);
            data.set(field, value);
            assertThat(names(data)).contains("witness").isEqualTo(expected(data));
        }
        ObjectNode all = NODES.objectNode().put("witness", true);
        FIELDS.forEach(field -> all.set(field, value));
        assertThat(names(all)).contains("witness").isEqualTo(expected(all));
    }

    static Stream<JsonNode> hostileValues() {
        return Stream.of(
                NODES.textNode("a".repeat(1 << 20)),
                NODES.textNode("1".repeat(1 << 20)),
                NODES.textNode(":".repeat(1 << 20)),
                NODES.textNode("\uD800"),
                NODES.textNode("\uDFFF\uD800\u0000"),
                NODES.textNode(""),
                NODES.numberNode(new BigDecimal("1e999999999")),
                NODES.numberNode(new BigDecimal("-1e-999999999")),
                NODES.numberNode(new BigDecimal("9".repeat(200))),
                NODES.numberNode(BigInteger.TEN.pow(400)),
                NODES.numberNode(Double.NaN),
                NODES.numberNode(Double.NEGATIVE_INFINITY),
                NODES.numberNode(Float.NaN),
                NODES.numberNode(Long.MIN_VALUE),
                NODES.numberNode(-0.0),
                NODES.booleanNode(true),
                NODES.nullNode(),
                NODES.missingNode(),
                NODES.binaryNode(new byte[] {1}),
                NODES.pojoNode(new Object()),
                NODES.pojoNode(null),
                NODES.objectNode(),
                NODES.arrayNode(),
                json("[1,'v1',null,[],{},[['v2',2.0]],true]"),
                json("[".repeat(900) + "]".repeat(900)),
                json("[".repeat(900) + "'v1',1" + "]".repeat(900)),
                json("{'a':".repeat(900) + "1" + "}".repeat(900)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'witness':true,'text':'v1','text':'v2'}",
                "{'witness':true,'number':1E999999999,'range':-1E999999999}",
                "{'witness':true,'number':1E-999999999,'range':1E-999999999}",
                "{'witness':true,'number':NaN}",
                "{'witness':true,'number':1,'number':'1'}",
                "{'witness':true,'text':'\\uD800','prefix':'\\uDC00p1','glob':'a\\u0000a'}"
            })
    void whatAParserLetsThroughHidesNoMatch(String text) {
        JsonNode data;
        try {
            data = json(text);
        } catch (HelixException refused) {
            assertThat(refused.kind()).isEqualTo(ErrorKind.INVALID);
            return;
        }
        assertThat(names(data)).contains("witness").isEqualTo(expected(data));
    }

    @Test
    void numbersAsLongAsAParserAllowsAreComparedExactly() {
        String digits = "9".repeat(190);
        matcher.put(Map.of(
                key("long"), pattern("{'data':{'long':" + digits + "1}}"),
                key("above"), pattern("{'data':{'high':[{'gt':" + digits + "1}]}}")));
        assertThat(names(json("{'long':" + digits + "1.0,'high':" + digits + "1.00001}")))
                .isEqualTo("above,long");
        assertThat(names(json("{'long':" + digits + "2,'high':" + digits + "1}")))
                .isEmpty();
    }

    @Test
    void aValueThatCannotEvenBeReadCountsAsAbsent() {
        ObjectNode data = new Unreadable();
        data.put("witness", true).put("text", "v1").put("number", 1);
        assertThat(names(data)).isEqualTo("number1,witness");
    }

    @Test
    void nestingFarDeeperThanAnyParserAllowsIsNoDanger() {
        JsonNode deep = NODES.textNode("v7");
        for (int i = 0; i < 200_000; i++) {
            deep = NODES.arrayNode().add(deep);
        }
        assertThat(names(NODES.objectNode().put("witness", true).set("text", deep)))
                .isEqualTo("text7,witness");
    }

    @Test
    void aHundredThousandElementsAreLookedAtInReasonableTime() {
        ArrayNode many = NODES.arrayNode();
        for (int i = 0; i < 100_000; i++) {
            many.add("v" + i);
        }
        ObjectNode data = NODES.objectNode().put("witness", true);
        data.set("text", many);
        Assertions.assertTimeout(
                Duration.ofSeconds(5), () -> assertThat(names(data)).contains("text49", "witness"));
    }

    private String names(JsonNode data) {
        return matcher.match(PROFILE, event("t", data)).stream()
                .map(RuleKey::name)
                .sorted()
                .collect(Collectors.joining(","));
    }

    private String expected(JsonNode data) {
        return patterns.entrySet().stream()
                .filter(entry -> PlainEvaluator.matches(entry.getValue().root(), event("t", data)))
                .map(entry -> entry.getKey().name())
                .sorted()
                .collect(Collectors.joining(","));
    }

    @SuppressWarnings("unchecked")
    private static final class Unreadable extends ObjectNode {
        private static final long serialVersionUID = 1L;

        Unreadable() {
            super(NODES);
        }

        @Override
        public JsonNode get(String name) {
            if (name.equals("text")) {
                throw new IllegalStateException("not today");
            }
            return super.get(name);
        }
    }
}
