package io.helix.wasm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.Agent;
import io.helix.api.agent.AgentDescriptor;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.ConfigReader;

/** A handler of a module, offered as an agent type. Its agents get their configuration as JSON. */
record WasmAgentType(AgentDescriptor descriptor, WasmHandler handler) implements AgentType {
    @Override
    public Agent<?> create() {
        return switch (descriptor.kind()) {
            case SOURCE -> new WasmSource(handler);
            case TRANSFORMER -> new WasmTransformer(handler);
            case ACTION -> new WasmAction(handler);
        };
    }

    @Override
    public Object config(ObjectNode json) {
        return ConfigReader.read(json, descriptor.configSchema(), ObjectNode.class);
    }
}
