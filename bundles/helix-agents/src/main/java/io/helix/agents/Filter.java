package io.helix.agents;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.TransformAgent;
import io.helix.api.agent.TransformContext;
import io.helix.api.agent.Transformer;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;

/**
 * Lets an event pass, unchanged, when an expression is true. Only true and false decide: text like {@code "false"} would
 * count as true in JSONata, so any other result is an error that names the way out.
 */
@TransformAgent(type = "filter", description = "Lets an event pass when an expression is true.")
public final class Filter implements Transformer<FilterConfig> {
    @Override
    public void transform(Event event, TransformContext<FilterConfig> context) throws Exception {
        JsonNode result = JsonataExpression.parse(context.config().expression()).evaluate(EventFormat.toJson(event));
        if (!result.isBoolean() && !result.isMissingNode()) {
            throw AgentException.permanent("the expression gives a value of type "
                    + result.getNodeType().name().toLowerCase(java.util.Locale.ROOT)
                    + ", not true or false; wrap it in $boolean() or $exists()");
        }
        if (result.booleanValue()) {
            context.emit(Drafts.following(event, event.type(), event.subject(), event.data()));
        }
    }
}
