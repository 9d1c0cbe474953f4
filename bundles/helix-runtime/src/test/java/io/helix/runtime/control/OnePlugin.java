package io.helix.runtime.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.PluginSource;
import io.helix.api.event.EventFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A source of one plugin, which keeps what it was tried with. */
final class OnePlugin implements PluginSource {
    private final Plugin plugin;
    private final List<Trial> trials = new ArrayList<>();

    OnePlugin(String name, List<String> types) {
        plugin = new Plugin(name, "1.0.0", "wasm", "active", "", types);
    }

    List<Trial> trials() {
        return trials;
    }

    @Override
    public List<Plugin> plugins() {
        return List.of(plugin);
    }

    @Override
    public boolean takes(String fileName) {
        return fileName.equals(plugin.name());
    }

    @Override
    public Optional<Plugin> refresh(Path file) {
        return Optional.of(plugin);
    }

    @Override
    public Optional<Path> file(String name) {
        return Optional.empty();
    }

    @Override
    public Optional<ObjectNode> describe(String name) {
        return takes(name) ? Optional.of(EventFormat.json().createObjectNode().put("name", name)) : Optional.empty();
    }

    @Override
    public List<JsonNode> tryOut(String name, Trial trial) {
        trials.add(trial);
        return List.of();
    }
}
