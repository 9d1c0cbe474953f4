package io.helix.examples.hello;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.helix.api.agent.Config;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.TransformAgent;
import io.helix.api.agent.TransformContext;
import io.helix.api.agent.Transformer;
import io.helix.api.event.Event;

/** Answers an event with a greeting for the name in its data. */
@TransformAgent(type = "hello.greet", description = "Greets whoever an event names.")
public final class Hello implements Transformer<Hello.Greeting> {
    record Greeting(
            @Config(value = "What to say before the name", defaultValue = "\"Hello\"")
            String greeting) {}

    @Override
    public void transform(Event event, TransformContext<Greeting> context) {
        String name = event.data().path("name").asText("world");
        String text = context.config().greeting() + ", " + name + "!";
        context.emit(EventDraft.of(
                "hello.greeted", JsonNodeFactory.instance.objectNode().put("text", text)));
    }
}
