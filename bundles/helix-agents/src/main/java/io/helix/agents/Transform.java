package io.helix.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.TransformAgent;
import io.helix.api.agent.TransformContext;
import io.helix.api.agent.Transformer;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import java.util.Map;

/** Builds a new event from one that came: with fixed or templated data, or by a JSONata expression. */
@TransformAgent(type = "transform", description = "Builds a new event from one that came.")
public final class Transform implements Transformer<TransformConfig> {
    @Override
    public void transform(Event event, TransformContext<TransformConfig> context) throws Exception {
        TransformConfig config = context.config();
        JsonNode data = data(event, config);
        if (config.jsonata() != null && data.isMissingNode()) {
            dropOrFail(config, context);
            return;
        }
        JsonNode result = switch (config.mode()) {
            case CLEAN -> data;
            case MERGE -> merged(event.data(), data);
        };
        String type = config.type() == null ? event.type() : config.type();
        String subject = config.subject() == null ? event.subject() : config.subject();
        context.emit(Drafts.following(event, type, subject, result));
    }

    private static JsonNode data(Event event, TransformConfig config) throws AgentException, InterruptedException {
        if (config.jsonata() != null) {
            return JsonataExpression.parse(config.jsonata()).evaluate(EventFormat.toJson(event));
        }
        return config.data() == null ? event.data() : config.data();
    }

    private static void dropOrFail(TransformConfig config, TransformContext<TransformConfig> context)
            throws AgentException {
        switch (config.onNothing()) {
            case FAIL ->
                throw AgentException.permanent(
                        "the JSONata expression gives nothing for this event; set onNothing: drop"
                                + " if that is expected");
            case DROP -> context.log().log(System.Logger.Level.DEBUG, "the expression gives nothing: dropped");
        }
    }

    /** Objects are merged field by field; anything else replaces what was there. */
    private static JsonNode merged(JsonNode below, JsonNode above) {
        if (!(below instanceof ObjectNode base) || !(above instanceof ObjectNode)) {
            return above.isMissingNode() ? below : above;
        }
        ObjectNode result = base.objectNode();
        result.setAll(base);
        for (Map.Entry<String, JsonNode> field : above.properties()) {
            JsonNode old = base.get(field.getKey());
            result.set(field.getKey(), old == null ? field.getValue() : merged(old, field.getValue()));
        }
        return result;
    }
}
