package io.helix.agents;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.sdk.testing.agent.AgentKit;
import org.junit.jupiter.api.Test;

class LogTest {
    @Test
    void a_message_is_one_line_at_its_level() throws Exception {
        AgentKit kit = AgentKit.of(new LogAgentType(), """
                {"message": "first {0}\\nERROR forged\\u001b[31m", "level": "warning"}""");

        kit.perform(AgentKit.event("a.b", "{}"));

        assertThat(kit.log()).containsExactly("WARNING first {0}\\nERROR forged?[31m");
    }

    @Test
    void a_long_message_is_cut() throws Exception {
        AgentKit kit = AgentKit.of(new LogAgentType(), "{\"message\": \"" + "x".repeat(50_000) + "\"}");

        kit.perform(AgentKit.event("a.b", "{}"));

        assertThat(kit.log().get(0)).hasSizeLessThan(10_100);
    }
}
