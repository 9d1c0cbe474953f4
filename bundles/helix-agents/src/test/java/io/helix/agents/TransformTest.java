package io.helix.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.HelixException;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.EventDraft;
import io.helix.api.event.EventFormat;
import io.helix.sdk.testing.agent.AgentKit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransformTest {
    private static final String ORDER = """
            {"id": 7, "customer": {"name": "Ada", "city": "Bern"}, "items": [{"price": 1.5}, {"price": 2.25}]}""";

    @Test
    void clean_replaces_the_data() throws Exception {
        EventDraft out = only(transform("""
                {"type": "order.short", "subject": "orders/7", "data": {"id": 7}}"""));

        assertThat(out.type()).isEqualTo("order.short");
        assertThat(out.subject()).isEqualTo("orders/7");
        assertThat(out.data()).isEqualTo(EventFormat.json().readTree("{\"id\": 7}"));
    }

    @Test
    void merge_lays_objects_over_each_other_field_by_field() throws Exception {
        EventDraft out = only(transform("""
                {"mode": "merge", "data": {"customer": {"city": "Basel"}, "seen": true}}"""));

        assertThat(out.type()).isEqualTo("order.placed");
        assertThat(out.data().at("/customer/name").asText()).isEqualTo("Ada");
        assertThat(out.data().at("/customer/city").asText()).isEqualTo("Basel");
        assertThat(out.data().at("/seen").asBoolean()).isTrue();
        assertThat(out.data().at("/items/1/price").asDouble()).isEqualTo(2.25);
    }

    @Test
    void without_data_the_event_passes_with_another_type() throws Exception {
        EventDraft out = only(transform("{\"type\": \"order.copy\"}"));

        assertThat(out.data()).isEqualTo(EventFormat.json().readTree(ORDER));
    }

    @Test
    void jsonata_computes_the_data_from_the_whole_event() throws Exception {
        EventDraft out = only(transform("""
                {"jsonata": "{'total': $sum(data.items.price), 'was': type, 'id': data.id, 'half': data.id / 2}"}"""));

        assertThat(out.data().toString()).isEqualTo("{\"total\":3.75,\"was\":\"order.placed\",\"id\":7,\"half\":3.5}");
    }

    @Test
    void an_expression_without_result_fails_unless_dropping_is_asked_for() throws Exception {
        assertThatThrownBy(() -> transform("{\"jsonata\": \"data.nothing\"}"))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("onNothing: drop");
        assertThat(transform("{\"jsonata\": \"data.nothing\", \"onNothing\": \"drop\"}"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "($f := function($x){$f($x)}; $f(1))",
                "($f := function($x){1+$f($x)}; $f(1))",
                "1/0",
                "$error('no')",
                "$number('x')",
                "function($x){$x}",
                "{'f': function($x){$x}}",
                "[1..500000]",
                "$toMillis('x', '[')"
            })
    void whatever_goes_wrong_in_an_expression_is_a_permanent_failure(String expression) {
        String config =
                EventFormat.json().createObjectNode().put("jsonata", expression).toString();

        assertThatThrownBy(() -> transform(config))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.isRetryable()).isFalse());
    }

    @Test
    void deep_input_does_not_overflow_the_stack() throws Exception {
        String deep = "{\"a\":".repeat(900) + "1" + "}".repeat(900);
        AgentKit kit = AgentKit.of(new TransformAgentType(), "{\"jsonata\": \"$string(data) ~> $length()\"}");

        assertThat(kit.transform(AgentKit.event("deep.input", deep))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonata\": \"(\"}",
                "{\"jsonata\": \"1\", \"data\": {}}",
                "{\"mode\": \"CLEAN\"}",
                "{\"unknown\": 1}"
            })
    void a_configuration_that_cannot_work_is_refused_before_it_runs(String config) {
        assertThatThrownBy(() -> AgentKit.of(new TransformAgentType(), config)).isInstanceOf(HelixException.class);
    }

    @Test
    void extensions_of_helix_are_left_to_helix() throws Exception {
        AgentKit kit = AgentKit.of(new TransformAgentType(), "{}");
        var event = new io.helix.api.event.Event(
                "1",
                "s",
                "a.b",
                null,
                kit.clock().instant(),
                java.util.Map.of("helixdepth", "3", "traceparent", "x"),
                EventFormat.json().createObjectNode());

        assertThat(only(kit.transform(event)).extensions()).containsOnlyKeys("traceparent");
    }

    private static List<EventDraft> transform(String config) throws Exception {
        return AgentKit.of(new TransformAgentType(), config).transform(AgentKit.event("order.placed", ORDER));
    }

    private static EventDraft only(List<EventDraft> drafts) {
        assertThat(drafts).hasSize(1);
        return drafts.get(0);
    }
}
