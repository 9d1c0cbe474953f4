package io.helix.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.expression.Evaluation;
import io.helix.api.expression.Expressions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every test ends soon, with little memory, and without an exception. */
@Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileExpressionTest {
    private static final Expressions CEL = new CelExpressions();
    private static final JsonNode EVENT = event();

    @Test
    void nestedComprehensionsStopAtTheIterationLimit() {
        String ten = "[0,1,2,3,4,5,6,7,8,9]";
        assertFailed("%1$s.all(a, %1$s.all(b, %1$s.all(c, %1$s.all(d, %1$s.all(e, a + b + c + d + e >= 0)))))"
                .formatted(ten));
    }

    @Test
    void doublingATextStops() {
        assertFailed("['0123456789']" + ".map(a, a + a)".repeat(60) + " != []");
    }

    @Test
    void doublingATextStopsInsideAnOr() {
        assertFailed("['0123456789']" + ".map(a, a + a)".repeat(60) + " != [] || true");
    }

    @Test
    void doublingBytesStops() {
        assertFailed("[b'0123456789']" + ".map(a, a + a)".repeat(60) + " != []");
    }

    @Test
    void doublingAListStops() {
        assertFailed("[[1, 2, 3]]" + ".map(a, a + a)".repeat(60) + " == []");
    }

    @Test
    void sharingAListInsideItselfStops() {
        assertFailed("[[1]]" + ".map(a, [a, a])".repeat(60) + ".all(a, a == a)");
        assertFailed("[[1]]" + ".map(a, {'l': a, 'r': a})".repeat(60));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event.long.replace('', event.long)",
                "event.long.replace('a', event.long)",
                "event.numbers.map(n, 'x').join(event.long)",
                "event.numbers.all(n, event.long.lowerAscii() != 'x')",
                "event.numbers.all(n, event.long.contains('b') == false)",
                "event.numbers.all(n, event.numbers == event.numbers)",
                "event.numbers.all(n, !(-1 in event.numbers))",
                "event.numbers.all(n, event.object == event.object)",
                "event.numbers.map(n, event.long + event.long) != []",
                "event.long.split('').size() > 0"
            })
    void workOnLongInputIsBounded(String source) {
        assertFailed(source);
    }

    @Test
    void aCatastrophicPatternIsLinear() {
        assertThat(evaluate("event.long.matches('^(a+)+$')")).isEqualTo(value(true));
        assertThat(evaluate("(event.long + '!').matches('^(a|aa|a?)+$')")).isEqualTo(value(false));
    }

    @Test
    void aPatternThatGrowsIsRefused() {
        assertFailed("event.long.matches('((a{1,100}){1,100}){1,100}')");
    }

    @Test
    void aLongSourceIsInvalid() {
        assertInvalid("1 == 1" + " ".repeat(4096));
    }

    @Test
    void deepNestingIsInvalidOrFails() {
        assertInvalid("(".repeat(2000) + "1" + ")".repeat(2000));
        assertInvalid("[".repeat(2000) + "]".repeat(2000));
        assertInvalid("!".repeat(4001) + "true && 1");
    }

    @Test
    void longChainsDoNotOverflow() {
        assertInvalid("1" + "+1".repeat(2000));
        assertThat(evaluate("1" + "+1".repeat(200) + " == 201")).isEqualTo(value(true));
        assertThat(evaluate("true" + "&&true".repeat(680))).isEqualTo(value(true));
    }

    @Test
    void deepInputComparesWithoutOverflow() {
        JsonNode deep = JsonNodeFactory.instance.numberNode(1);
        for (int i = 0; i < 100_000; i++) {
            deep = JsonNodeFactory.instance.arrayNode().add(deep);
        }
        assertThat(CEL.compile("event == event && string(event) == ''", Set.of("event"))
                        .evaluate(Map.of("event", deep)))
                .isInstanceOf(Evaluation.Failed.class);
    }

    private static void assertFailed(String source) {
        assertThat(evaluate(source)).isInstanceOf(Evaluation.Failed.class);
    }

    private static void assertInvalid(String source) {
        assertThatThrownBy(() -> CEL.compile(source, Set.of("event")))
                .isInstanceOfSatisfying(
                        HelixException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID));
    }

    private static Evaluation evaluate(String source) {
        return CEL.compile(source, Set.of("event")).evaluate(Map.of("event", EVENT));
    }

    private static Evaluation value(boolean truth) {
        return new Evaluation.Value(JsonNodeFactory.instance.booleanNode(truth));
    }

    private static JsonNode event() {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("long", "a".repeat(300_000));
        for (int i = 0; i < 9_000; i++) {
            event.withArray("/numbers").add(i);
            event.withObject("/object").put("k" + i, i);
        }
        return event;
    }
}
