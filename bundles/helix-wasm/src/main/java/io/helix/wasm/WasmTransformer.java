package io.helix.wasm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.TransformContext;
import io.helix.api.agent.Transformer;
import io.helix.api.event.Event;

/** A transformer whose behaviour is in a module. */
record WasmTransformer(WasmHandler handler) implements Transformer<ObjectNode> {
    @Override
    public void transform(Event event, TransformContext<ObjectNode> context) throws AgentException {
        HostCalls calls = handler.handle(event, context);
        calls.keep();
        calls.events().forEach(context::emit);
    }
}
