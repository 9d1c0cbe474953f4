package io.helix.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.helix.api.agent.Action;
import io.helix.api.agent.ActionAgent;
import io.helix.api.agent.ActionContext;
import io.helix.api.event.Event;

/** Writes one line to the log of Helix. */
@ActionAgent(type = "log", description = "Writes a line to the log of Helix.")
public final class Log implements Action<LogConfig> {
    private static final int MAX_LENGTH = 10_000;

    @Override
    public JsonNode perform(Event event, ActionContext<LogConfig> context) {
        String message = OneLine.of(context.config().message());
        String bounded = message.length() <= MAX_LENGTH ? message : message.substring(0, MAX_LENGTH) + "...";
        // As a supplier: a message with braces must not be taken for a pattern.
        context.log().log(level(context.config().level()), () -> bounded);
        return JsonNodeFactory.instance.objectNode().put("logged", bounded.length());
    }

    private static System.Logger.Level level(LogConfig.Level level) {
        return switch (level) {
            case DEBUG -> System.Logger.Level.DEBUG;
            case INFO -> System.Logger.Level.INFO;
            case WARNING -> System.Logger.Level.WARNING;
            case ERROR -> System.Logger.Level.ERROR;
        };
    }
}
