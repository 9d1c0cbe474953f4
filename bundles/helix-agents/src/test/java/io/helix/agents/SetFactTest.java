package io.helix.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.BooleanNode;
import io.helix.api.HelixException;
import io.helix.sdk.testing.agent.AgentKit;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SetFactTest {
    @Test
    void a_fact_is_set() throws Exception {
        AgentKit kit = AgentKit.of(new SetFactAgentType(), "{\"name\": \"maintenance\", \"value\": true}");

        assertThat(kit.perform(AgentKit.event("a.b", "{}")).path("value").asBoolean())
                .isTrue();

        assertThat(kit.facts()).isEqualTo(Map.of("maintenance", BooleanNode.TRUE));
    }

    @Test
    void without_a_value_the_fact_is_removed() throws Exception {
        AgentKit kit = AgentKit.of(new SetFactAgentType(), "{\"name\": \"maintenance\", \"value\": null}");

        assertThat(kit.perform(AgentKit.event("a.b", "{}")).path("removed").asBoolean())
                .isFalse();

        assertThat(kit.facts()).isEmpty();
    }

    @Test
    void a_name_that_expressions_could_not_say_is_refused() {
        AgentKit kit = AgentKit.of(new SetFactAgentType(), "{\"name\": \"night-mode\", \"value\": 1}");

        assertThatThrownBy(() -> kit.perform(AgentKit.event("a.b", "{}")))
                .isInstanceOf(HelixException.class)
                .hasMessageContaining("name");
    }
}
