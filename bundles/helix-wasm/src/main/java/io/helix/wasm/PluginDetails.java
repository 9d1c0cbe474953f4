package io.helix.wasm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.PluginSource.Plugin;
import io.helix.api.event.EventFormat;
import io.helix.wasm.Manifest.Capabilities;
import io.helix.wasm.PluginShelf.Live;
import io.helix.wasm.PluginStats.Snapshot;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What people may want to know of a plugin, as JSON. */
final class PluginDetails {
    private PluginDetails() {}

    static ObjectNode of(Plugin plugin, @Nullable Live live, Snapshot calls) {
        ObjectNode node = EventFormat.json().createObjectNode();
        node.put("name", plugin.name())
                .put("format", plugin.format())
                .put("version", plugin.version())
                .put("state", plugin.state())
                .put("detail", plugin.detail());
        if (live != null) {
            LoadedPlugin loaded = live.plugin();
            node.put("plugin", loaded.manifest().name())
                    .put("description", loaded.manifest().description())
                    .put("sha256", HexFormat.of().formatHex(live.digest()))
                    .put("signedBy", live.signedBy())
                    .put("encoding", loaded.manifest().encoding().name().toLowerCase(Locale.ROOT))
                    .put("warmUpMs", live.warmUp().toMillis());
            types(node.putArray("types"), loaded);
            capabilities(node.putObject("capabilities"), loaded.manifest().capabilities());
            limits(node.putObject("limits"), loaded.limits());
            node.put("instances", loaded.module().instances())
                    .put("memoryBytes", loaded.module().memoryBytes());
        }
        calls(node.putObject("calls"), calls);
        return node;
    }

    private static void types(ArrayNode array, LoadedPlugin plugin) {
        for (WasmAgentType type : plugin.types()) {
            array.addObject()
                    .put("type", type.descriptor().type())
                    .put("version", type.descriptor().version())
                    .put("kind", type.descriptor().kind().name().toLowerCase(Locale.ROOT))
                    .put("description", type.descriptor().description());
        }
    }

    private static void capabilities(ObjectNode node, Capabilities capabilities) {
        capabilities.httpHosts().forEach(node.putArray("http")::add);
        node.put("kv", capabilities.keyValues());
        capabilities.credentials().forEach(node.putArray("credentials")::add);
        if (capabilities.eventTypes() != null) {
            capabilities.eventTypes().forEach(node.putArray("emit")::add);
        }
    }

    private static void limits(ObjectNode node, Limits limits) {
        node.put("timeoutMs", limits.timeout().toMillis())
                .put("memoryPages", limits.memoryPages())
                .put("concurrency", limits.concurrency())
                .put("hostCalls", limits.hostCalls())
                .put("events", limits.events())
                .put("eventBytes", limits.eventBytes())
                .put("outputBytes", limits.outputBytes())
                .put("logLines", limits.logLines());
    }

    private static void calls(ObjectNode node, Snapshot calls) {
        node.put("total", calls.calls())
                .put("failed", calls.failed())
                .put("trapped", calls.trapped())
                .put("killed", calls.killed())
                .put("rejected", calls.rejected())
                .put("hostCalls", calls.hostCalls())
                .put("denied", calls.denied())
                .put("p50Micros", calls.p50Micros())
                .put("p99Micros", calls.p99Micros());
        ObjectNode limited = node.putObject("limited");
        calls.limited().forEach(limited::put);
    }
}
