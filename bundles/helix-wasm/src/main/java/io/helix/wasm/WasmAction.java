package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.Action;
import io.helix.api.agent.ActionContext;
import io.helix.api.agent.AgentException;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;

/** An action whose behaviour is in a module. */
record WasmAction(WasmHandler handler) implements Action<ObjectNode> {
    @Override
    public JsonNode perform(Event event, ActionContext<ObjectNode> context) throws AgentException {
        HostCalls calls = handler.handle(event, context);
        JsonNode output = output(calls.output());
        calls.keep();
        calls.events().forEach(context::emit);
        return output;
    }

    private JsonNode output(byte[] document) throws AgentException {
        if (document.length == 0) {
            return EventFormat.json().createObjectNode();
        }
        try {
            return handler.terms().encoding().read(document);
        } catch (HelixException e) {
            throw AgentException.permanent(
                    handler.handler().type() + " gave an output that is not valid: " + ShownText.of(e.message()));
        }
    }
}
