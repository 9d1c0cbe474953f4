package io.helix.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.helix.api.agent.Action;
import io.helix.api.agent.ActionAgent;
import io.helix.api.agent.ActionContext;
import io.helix.api.event.Event;

/** Changes what is known in the profile. */
@ActionAgent(type = "fact.set", description = "Sets or removes a fact, which expressions of rules and recipes can see.")
public final class SetFact implements Action<SetFactConfig> {
    @Override
    public JsonNode perform(Event event, ActionContext<SetFactConfig> context) {
        String name = context.config().name();
        JsonNode value = context.config().value();
        if (value == null || value.isNull()) {
            boolean removed = context.facts().remove(name);
            return JsonNodeFactory.instance.objectNode().put("fact", name).put("removed", removed);
        }
        context.facts().set(name, value);
        return JsonNodeFactory.instance.objectNode().put("fact", name).set("value", value);
    }
}
