package io.helix.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.event.EventFormat;
import io.helix.api.expression.Evaluation;
import io.helix.api.expression.Expressions;
import io.helix.api.expression.Scope;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CelExpressionsTest {
    private static final Expressions CEL = new CelExpressions();
    private static final JsonNode EVENT = json("""
            {"type": "order.placed", "id": "e-1",
             "data": {"amount": 150, "price": 12.5, "whole": 100.0, "huge": 123456789012345678901234567890,
                      "customer": {"name": "Ada", "vip": true, "note": null},
                      "lines": [{"sku": "a", "n": 1}, {"sku": "b", "n": 3}], "tags": ["x", "y"]}}
            """);

    @Test
    void comparesAndStartsWith() {
        assertThat(CEL.compile("event.data.amount > 100 && event.type.startsWith(\"order\")", Set.of("event"))
                        .test(Map.of("event", EVENT)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "\"a\"", "event.type.size()", "[1]", "null", "event.data.amount.size() + 1"})
    void whatIsNeverTrueOrFalseIsNoCondition(String source) {
        assertThat(CEL.compile(source, Set.of("event")).canBeBoolean()).isFalse();
        assertThatThrownBy(() -> CEL.compileCondition(source, Scope.of("event")))
                .hasMessageContaining("never true or false");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"true", "event.data.customer.vip", "event.data.amount > 5", "event.data.tags.exists(t, t == 'x')"
            })
    void whatMayBeTrueIsACondition(String source) {
        assertThat(CEL.compileCondition(source, Scope.of("event")).canBeBoolean())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
            event.data.amount == 150.0                                => true
            event.data.amount < 150.5                                 => true
            event.data.whole == 100                                   => true
            event.data.price > 12                                     => true
            event.data.huge > 1                                       => true
            event.data.amount + 1                                     => 151
            event.data.price * 2.0                                    => 25.0
            1 + 2 * 3000000000                                        => 6000000001
            event.data.customer.note == null                          => true
            event.data.customer.note                                  => null
            event.data['customer']['name'].lowerAscii()               => "ada"
            "a,b".split(",")                                          => ["a","b"]
            event.data.tags.join("-")                                 => "x-y"
            "banana".replace("a", "o")                                => "bonono"
            "banana".replace("a", "o", 2)                             => "bonona"
            "ab".replace("", "_")                                     => "_a_b_"
            event.type.matches("^order[.][a-z]+$")                    => true
            event.data.lines.exists(l, l.n > 2)                       => true
            event.data.lines.all(l, l.n > 2)                          => false
            event.data.lines.filter(l, l.n > 2).map(l, l.sku)         => ["b"]
            has(event.data.customer.vip)                              => true
            has(event.data.customer.age)                              => false
            "x" in event.data.tags                                    => true
            "amount" in event.data                                    => true
            size(event.data.lines)                                    => 2
            {"total": event.data.amount, "by": event.data.customer}   => {"total":150,"by":{"name":"Ada","vip":true,"note":null}}
            timestamp("2026-01-01T00:00:00Z") + duration("1h")        => "2026-01-01T01:00:00Z"
            duration("90m")                                           => "5400s"
            timestamp("2026-01-01T00:00:00Z").getFullYear()           => 2026
            event.data.lines                                          => [{"sku":"a","n":1},{"sku":"b","n":3}]
            b'abc'                                                    => "YWJj"
            5u                                                        => 5
            event.data.absent == 1 || event.data.amount == 150        => true
            int("42") + int(2.9)                                      => 44
            event.data.customer == {"name": "Ada", "vip": true, "note": null} => true
            """)
    void evaluates(String source, String expected) {
        Evaluation evaluation = evaluate(source);
        assertThat(evaluation).isInstanceOf(Evaluation.Value.class);
        assertThat(((Evaluation.Value) evaluation).value().toString()).isEqualTo(expected);
    }

    @Test
    void smallNumbersComeBackAsTheParserMakesThem() {
        assertThat(evaluate("event.data.amount")).isEqualTo(new Evaluation.Value(json("150")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event.data.absent > 1",
                "event.data.customer.absent.deeper",
                "event.nothing.at.all == 1",
                "event['absent']",
                "event.data.lines[7].sku == 'a'",
                "unset",
                "unset.field == 1"
            })
    void whatIsNotThereIsAbsentAndNeverTrue(String source) {
        var expression = CEL.compile(source, Set.of("event", "unset"));
        Map<String, JsonNode> variables = Map.of("event", EVENT);
        assertThat(expression.evaluate(variables)).isInstanceOf(Evaluation.Absent.class);
        assertThat(expression.test(variables)).isFalse();
    }

    @Test
    void theMessageNamesWhatIsAbsent() {
        assertThat(evaluate("event.data.customer.age > 3"))
                .isEqualTo(new Evaluation.Absent("key 'age' is not present in map."));
    }

    @Test
    void aMissingNodeIsAnAbsentVariable() {
        assertThat(CEL.compile("event.x", Set.of("event")).evaluate(Map.of("event", MissingNode.getInstance())))
                .isInstanceOf(Evaluation.Absent.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event.type > 3",
                "event.data.amount / 0",
                "event.data.amount.startsWith('1')",
                "9223372036854775807 + event.data.amount",
                "int(event.type)",
                "timestamp(event.type)",
                "event.type.matches('(')",
                "1.0 / 0.0",
                "type(event)",
                "event.data.lines.map(l, l.n).join()"
            })
    void faultsAreFailedWithAMessage(String source) {
        assertThat(evaluate(source))
                .isInstanceOfSatisfying(
                        Evaluation.Failed.class,
                        failed -> assertThat(failed.message()).isNotBlank());
    }

    private static final Scope TYPED =
            Scope.of("events", "vars").withEvents(Set.of("event", "opened")).withFields("events", Set.of("opened"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event.type > 3",
                "event.id == 7",
                "event.source + 1 == 2",
                "event.time > timestamp('2026-01-01T00:00:00Z')",
                "event.subject == 5",
                "event.specversion == 1.0",
                "event.type in [1, 2]",
                "event.type.foo == 'a'",
                "opened.type == true",
                "events.opened.type < 1",
                ".event.type > 3",
                "event.data.lines.exists(l, event.type > l.n && event.type > 3)"
            })
    void whatAnAttributeIsNotIsRefused(String source) {
        assertThatThrownBy(() -> CEL.compile(source, TYPED)).isInstanceOfSatisfying(HelixException.class, e -> {
            assertThat(e.kind()).isEqualTo(ErrorKind.INVALID);
            assertThat(e.message()).startsWith("line 1, column ");
        });
    }

    @Test
    void theMessageNamesTheTypes() {
        assertThatThrownBy(() -> CEL.compile("event.type > 3", TYPED))
                .hasMessage(
                        "line 1, column 12: '>' does not take (string, int); attributes of an event are text, and fields of data are what they are");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
            event.type == 'order.placed'                              => true
            event['type'] > 'a'                                       => true
            event.data.amount > 100 && event.data['amount'] < 200     => true
            event.extension == 'x'                                    => true
            event.weight > 3                                          => true
            has(event.subject)                                        => true
            has(event.subject) && event.subject == 'shop/1'           => true
            event.subject.startsWith('shop/')                         => true
            event.subject != null                                     => true
            event.subject in ['shop/1', 'shop/2']                     => true
            timestamp(event.time) > timestamp('2026-01-01T00:00:00Z') => true
            event.type == event.data.kind                             => true
            event.type > vars.text                                    => true
            'type' in event                                           => true
            event.type != null                                        => true
            (event.data.amount > 1 ? event.id : null) == 'e-1'        => true
            (has(event.id) ? event.source : null) == null             => false
            event == event                                            => true
            event.data.lines.exists(event, event.type > 3)            => true
            opened.type == events.opened.type                         => true
            events.opened.data.amount > 3                             => true
            type(event.type) == string                                => true
            event.map(name, name).size() > 3                          => true
            """)
    void whatAnAttributeMayBeIsStillTrue(String source, boolean expected) {
        JsonNode event = json("""
                {"specversion": "1.0", "type": "order.placed", "id": "e-1", "source": "/s", "subject": "shop/1",
                 "time": "2026-05-01T00:00:00Z", "extension": "x", "weight": 4,
                 "data": {"amount": 150, "kind": "order.placed", "lines": [{"type": 5}]}}
                """);
        Map<String, JsonNode> variables =
                Map.of("event", event, "opened", event, "events", withOpened(event), "vars", json("{\"text\": \"a\"}"));

        assertThat(CEL.compileCondition(source, TYPED).test(variables)).isEqualTo(expected);
    }

    private static JsonNode withOpened(JsonNode event) {
        return JsonNodeFactory.instance.objectNode().set("opened", event);
    }

    @ParameterizedTest
    @ValueSource(strings = {"event.subject == 'a'", "event.subject > 'a'", "event.subject != null"})
    void aSubjectThatIsNotThereIsAbsent(String source) {
        assertThat(CEL.compile(source, TYPED).evaluate(Map.of("event", EVENT))).isInstanceOf(Evaluation.Absent.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"event.type", "event.subject", "opened.id"})
    void aTextIsNoCondition(String source) {
        assertThatThrownBy(() -> CEL.compileCondition(source, TYPED)).hasMessageContaining("never true or false");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
            true                                   => true
            false                                  => false
            1 > 2                                  => false
            vars.limit > 5                         => true
            event.type == 'a' && false             => false
            event.type == 'a' || vars.limit == 7   => true
            [].exists(x, x == event.type)          => false
            """)
    void knowsWhatItDecidesWhateverTheEventIs(String source, boolean decided) {
        assertThat(CEL.compileCondition(source, TYPED).constant(Map.of("vars", json("{\"limit\": 7}"))))
                .contains(decided);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event.type == 'a'",
                "has(event.data.x)",
                "event == event",
                "event.data.lines.all(l, true)",
                "!(event.type == 'a' && true)",
                "vars.limit > 5 && event.type == 'a'",
                "'type' in event",
                "1 / 0 == 1"
            })
    void doesNotKnowWhatDependsOnTheEvent(String source) {
        assertThat(CEL.compileCondition(source, TYPED).constant(Map.of("vars", json("{\"limit\": 7}"))))
                .isEmpty();
    }

    @Test
    void compileErrorsNameLineAndColumn() {
        assertThatThrownBy(() -> CEL.compile("1 == 1 &&\n evnt.type == 'a'", Set.of("event")))
                .isInstanceOfSatisfying(HelixException.class, e -> {
                    assertThat(e.kind()).isEqualTo(ErrorKind.INVALID);
                    assertThat(e.message())
                            .startsWith("line 2, column 2: ")
                            .contains("evnt")
                            .doesNotContain("^");
                    assertThat(e.problems()).hasSize(1);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1 +", "'a' + 1", "nope(1)", "\"open", "event..x", "1 == 'a'"})
    void whatDoesNotCompileIsInvalid(String source) {
        assertThatThrownBy(() -> CEL.compile(source, Set.of("event")))
                .isInstanceOfSatisfying(
                        HelixException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID));
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
            1 + 2 == 3                                                  => ``
            event.data.amount > 100                                     => event
            event.data.amount > inputs.limit                            => event,inputs
            has(steps.a.output) ? steps.a.output : inputs.a             => inputs,steps
            {"a": event, inputs.key: [steps]}                           => event,inputs,steps
            event.data.lines.exists(l, l.n > inputs.n)                  => event,inputs
            [1].exists(event, event > 0)                                => ``
            [1].exists(event, .event > 0)                               => ``
            .event.data.amount > 1                                      => event
            event.data.lines.map(steps, steps.n).exists(n, n > 1)       => event
            [steps].map(steps, [1].all(event, event < steps.n))         => steps
            type(event) == map && "inputs" == "inputs"                  => event
            false && event.data.never                                   => event
            """)
    void knowsTheVariablesItRefersTo(String source, String variables) {
        assertThat(CEL.compile(source, Set.of("event", "inputs", "steps")).variables())
                .isEqualTo(variables.isEmpty() ? Set.of() : Set.of(variables.split(",")));
    }

    static Evaluation evaluate(String source) {
        return CEL.compile(source, Set.of("event")).evaluate(Map.of("event", EVENT));
    }

    static JsonNode json(String text) {
        return EventFormat.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static final Scope WITH_FACTS = Scope.of().withFlags("facts").withEvents(Set.of("event"));

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
            !facts.maintenance                                 => true
            facts.maintenance                                  => false
            facts.mode == 'night'                              => false
            facts.mode != 'night'                              => true
            has(facts.limit)                                   => false
            has(facts.limit) && facts.limit > 3                => false
            has(facts.limit) ? facts.limit > 3 : true          => true
            facts.armed && !facts.maintenance                  => true
            facts.home.size() == 2                             => true
            event.data.amount > 100 && !facts.maintenance      => true
            """)
    void aFlagThatIsNotSetIsFalse(String source, boolean expected) {
        JsonNode facts = json("{\"armed\": true, \"home\": [\"ana\", \"bob\"]}");

        assertThat(CEL.compileCondition(source, WITH_FACTS).evaluate(Map.of("event", EVENT, "facts", facts)))
                .isEqualTo(new Evaluation.Value(BooleanNode.valueOf(expected)));
    }

    @Test
    void nothingIsSaidOfFlagsThatNobodyGave() {
        assertThat(CEL.compile("!facts.maintenance", WITH_FACTS).constant(Map.of()))
                .isEmpty();
    }

    @Test
    void whatAnEventLacksIsNoFlag() {
        assertThat(CEL.compile("!event.data.maintenance", WITH_FACTS)
                        .evaluate(Map.of("event", EVENT, "facts", json("{}"))))
                .isInstanceOf(Evaluation.Absent.class);
    }

    @Test
    void aFlagIsFalseAlsoWhereALoopUsesTheNameOfAnotherVariable() {
        Scope scope = WITH_FACTS.with("match");

        assertThat(CEL.compile("[1].exists(match, match == 1) && !facts.maintenance", scope)
                        .test(Map.of("event", EVENT, "facts", json("{}"))))
                .isTrue();
    }
}
