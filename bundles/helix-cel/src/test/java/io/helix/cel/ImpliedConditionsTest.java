package io.helix.cel;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.api.expression.Expression;
import io.helix.api.expression.Expressions;
import io.helix.api.rule.Condition;
import io.helix.api.rule.PatternParser;
import io.helix.sdk.testing.rule.PlainPatterns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImpliedConditionsTest {
    private static final Expressions CEL = new CelExpressions();
    private static final int EXPRESSIONS = 2_000;
    private static final int EVENTS = 60;

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
            event.data.state == 'open'              => {"data.state": ["open"]}
            'open' == event.data['state']           => {"data.state": ["open"]}
            event.data.on == true                   => {"data.on": [true]}
            event.data.note == null                 => {"data.note": [null]}
            event.data.amount > 100                 => {"data.amount": [{"gt": 100}]}
            100 < event.data.amount                 => {"data.amount": [{"gt": 100}]}
            event.data.amount < 0.5                 => {"data.amount": [{"lt": 0.5}]}
            event.data.amount >= 1                  => {"data.amount": [{"gt": 0.9999999999999999}]}
            event.data.amount <= 1                  => {"data.amount": [{"lt": 1.0000000000000002}]}
            1u <= event.data.amount                 => {"data.amount": [{"gt": 0.9999999999999999}]}
            event.data.amount == 1                  => {"data.amount": [{"gt": 0.9999999999999999, "lt": 1.0000000000000002}]}
            event.data.amount > 9007199254740993    => {"data.amount": [{"gt": 9007199254740991}]}
            event.data.state in ['open', null]      => {"data.state": ["open", null]}
            event.subject.startsWith('shop/')       => {"subject": [{"prefix": "shop/"}]}
            event.data.file.endsWith('.png')        => {"data.file": [{"suffix": ".png"}]}
            event.data.flag                         => {"data.flag": [true]}
            event.data['flag']                      => {"data.flag": [true]}
            !event.data.flag                        => {"data.flag": [false]}
            has(event.subject)                      => {"subject": [{"exists": true}]}
            has(event.data.a.b)                     => {"data.a": [{"exists": true}]}
            !has(event.data.a.b)                    => {"data.a.b": [{"exists": false}]}
            event.type != 'a.b'                     => {"type": [{"anything-but": ["a.b"]}]}
            !(event.type == 'a.b')                  => {"type": [{"anything-but": ["a.b"]}]}
            event.data.a == 'x' || event.data.b == 'y'            => {"$or": [{"data.a": ["x"]}, {"data.b": ["y"]}]}
            !(event.data.a || event.data.b)         => {"data.a": [false], "data.b": [false]}
            event.data.a == 'x' && size(event.data.b) > 1         => {"data.a": ["x"]}
            """)
    void findsWhatMustHold(String source, String pattern) {
        assertThat(together(CEL.compile(source, Set.of("event")).implied("event")))
                .isEqualTo(parsed(pattern));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event.data.a != 'x'",
                "!(event.data.a == 'x')",
                "!(event.data.a < 5)",
                "event.data.a == event.data.b",
                "event.data.a < 'x'",
                "event.data.a in event.data.b",
                "event.data.a in ['x', event.data.b]",
                "'x' in event.data.a",
                "event.data.a == 'x' || event.data.b != 'y'",
                "event.data.a[0] == 'x'",
                "event.data[event.type] == 'x'",
                "event.data.a + 1 == 2",
                "event.data.a == ['x']",
                "event.data.a == b'x'",
                "event.data.a.contains('x')",
                "event.specversion == '1.0'",
                "event.data.list.exists(event, event.data.a == 'x')",
                "event.data.a == 'x' ? true : event.data.b",
                "timestamp(event.time) > timestamp('2026-01-01T00:00:00Z')",
                "other.data.a == 'x'",
                "has(event.data)",
                "true"
            })
    void saysNothingOfWhatItCannotTell(String source) {
        assertThat(CEL.compile(source, Set.of("event", "other")).implied("event"))
                .isEmpty();
    }

    @Test
    void eachVariableHasItsOwn() {
        Expression both = CEL.compile(
                "opened.data.zone == 'garage' && closed.data.zone == opened.data.zone && closed.data.ok",
                Set.of("opened", "closed"));
        assertThat(together(both.implied("opened"))).isEqualTo(parsed("{\"data.zone\": [\"garage\"]}"));
        assertThat(together(both.implied("closed"))).isEqualTo(parsed("{\"data.ok\": [true]}"));
        assertThat(both.implied("event")).isEmpty();
    }

    @Test
    void aNameWithADotIsOneStep() {
        assertThat(CEL.compile("event.data['a.b'] == 'x'", Set.of("event")).implied("event"))
                .singleElement()
                .isInstanceOfSatisfying(
                        Condition.Field.class, field -> assertThat(field.path()).containsExactly("data", "a.b"));
    }

    @Test
    void holdWheneverTheExpressionIsTrue() {
        RandomExpressions random = new RandomExpressions(20261126);
        int telling = 0;
        for (int i = 0; i < EXPRESSIONS; i++) {
            String source = random.expression();
            Expression expression = CEL.compile(source, Set.of("event"));
            Condition implied = together(expression.implied("event"));
            List<Event> events = Stream.generate(random::event).limit(EVENTS).toList();
            List<Event> satisfying = satisfying(expression, events);
            assertThat(satisfying).as(source).allMatch(event -> PlainPatterns.matches(implied, event));
            telling += expression.implied("event").isEmpty() ? 0 : satisfying.size();
        }
        assertThat(telling).isGreaterThan(5_000);
    }

    private static List<Event> satisfying(Expression expression, List<Event> events) {
        List<Event> satisfying = new ArrayList<>();
        for (Event event : events) {
            if (expression.test(Map.of("event", EventFormat.toJson(event)))) {
                satisfying.add(event);
            }
        }
        return satisfying;
    }

    private static Condition parsed(String pattern) {
        return PatternParser.parse(CelExpressionsTest.json(pattern), "match").root();
    }

    private static Condition together(List<Condition> conditions) {
        return conditions.size() == 1 ? conditions.get(0) : new Condition.AllOf(conditions);
    }
}
