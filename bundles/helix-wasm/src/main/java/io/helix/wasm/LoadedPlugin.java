package io.helix.wasm;

import io.helix.api.agent.AgentType;
import java.util.List;

/** A module that passed every check, with the agent types it brings. */
record LoadedPlugin(Manifest manifest, Limits limits, WasmModule module, List<WasmAgentType> types) {
    LoadedPlugin {
        types = List.copyOf(types);
    }

    /** The agent types as {@code type@version}. */
    List<String> typeNames() {
        return types.stream()
                .map(AgentType::descriptor)
                .map(type -> type.type() + "@" + type.version())
                .toList();
    }
}
