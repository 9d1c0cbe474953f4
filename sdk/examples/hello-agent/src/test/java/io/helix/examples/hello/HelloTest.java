package io.helix.examples.hello;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.agent.EventDraft;
import io.helix.sdk.testing.agent.AgentKit;
import org.junit.jupiter.api.Test;

class HelloTest {
    @Test
    void greets_who_is_named() throws Exception {
        AgentKit kit = AgentKit.of(new HelloAgentType(), "{\"greeting\": \"Welcome\"}");

        EventDraft out = kit.transform(AgentKit.event("guest.came", "{\"name\": \"Ada\"}"))
                .get(0);

        assertThat(out.type()).isEqualTo("hello.greeted");
        assertThat(out.data().path("text").asText()).isEqualTo("Welcome, Ada!");
    }

    @Test
    void says_hello_to_the_world_by_default() throws Exception {
        AgentKit kit = AgentKit.of(new HelloAgentType(), "{}");

        EventDraft out = kit.transform(AgentKit.event("guest.came", "{}")).get(0);

        assertThat(out.data().path("text").asText()).isEqualTo("Hello, world!");
    }
}
