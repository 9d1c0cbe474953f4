package io.helix.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.agent.AgentException;
import io.helix.api.agent.EventDraft;
import io.helix.sdk.testing.agent.AgentKit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
    @Test
    void an_event_passes_unchanged_when_the_expression_is_true() throws Exception {
        List<EventDraft> out = filter("data.level > 3 and type = 'door.opened'");

        assertThat(out).hasSize(1);
        assertThat(out.get(0).type()).isEqualTo("door.opened");
        assertThat(out.get(0).data().path("level").asInt()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"data.level > 9", "data.missing = 1", "data.missing", "false"})
    void an_event_is_dropped_when_it_is_not_and_a_missing_field_is_no_error(String expression) throws Exception {
        assertThat(filter(expression)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"data.level", "'false'", "[true]", "data"})
    void only_true_and_false_decide(String expression) {
        assertThatThrownBy(() -> filter(expression))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("$boolean()");
    }

    private static List<EventDraft> filter(String expression) throws Exception {
        return AgentKit.of(new FilterAgentType(), "{\"expression\": \"" + expression + "\"}")
                .transform(AgentKit.event("door.opened", "{\"level\": 5}"));
    }
}
