package io.helix.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentException;
import io.helix.api.event.EventFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonataExpressionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a | 9007199254740993",
                "b | 2.5",
                "b * 2 | 5",
                "c | 1.0E40",
                "$map([1..3], function($v){$v * 1.5}) | [1.5,3,4.5]",
                "{'n': null, 't': true} | {\"n\":null,\"t\":true}"
            })
    void numbers_and_structures_keep_their_value(String expression, String expected) throws Exception {
        JsonNode input = EventFormat.json()
                .readTree("{\"a\": 9007199254740993, \"b\": 2.50, \"c\": 10000000000000000000000000000000000000000}");

        assertThat(JsonataExpression.parse(expression).evaluate(input).toString())
                .isEqualTo(expected);
    }

    @Test
    void a_step_that_does_not_come_back_is_given_up() {
        JsonataExpression slow = JsonataExpression.parse("$length($pad('x', 1000000))", Duration.ofMillis(20));

        assertThatThrownBy(() -> slow.evaluate(EventFormat.json().createObjectNode()))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("20 ms");
    }

    @Test
    void one_expression_serves_many_threads_without_sharing_variables() throws Exception {
        JsonataExpression expression = JsonataExpression.parse("($x := n; $sum([$x, $x]))", Duration.ofSeconds(30));
        List<Future<JsonNode>> results = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 100; i++) {
                JsonNode input = EventFormat.json().createObjectNode().put("n", i);
                results.add(threads.submit(() -> expression.evaluate(input)));
            }
        }

        for (int i = 0; i < 100; i++) {
            assertThat(results.get(i).get().asInt()).isEqualTo(2 * i);
        }
    }

    @Test
    void an_expression_has_a_longest_length() {
        assertThatThrownBy(() -> JsonataExpression.parse("1+".repeat(20_000) + "1"))
                .isInstanceOf(HelixException.class);
    }

    @Test
    void an_expression_that_nests_too_deeply_is_refused() {
        assertThatThrownBy(() -> JsonataExpression.parse("(".repeat(9_000) + "1" + ")".repeat(9_000)))
                .isInstanceOf(HelixException.class);
    }
}
