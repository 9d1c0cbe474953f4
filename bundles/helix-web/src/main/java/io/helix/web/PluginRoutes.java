package io.helix.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.PluginSource.Plugin;
import io.helix.api.agent.PluginSource.Trial;
import io.helix.api.control.ControlPlane;
import io.helix.api.control.ControlPlane.Before;
import io.helix.api.event.EventFormat;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The plugins of the installation. */
final class PluginRoutes {
    private static final String PLUGINS = "/plugins";
    private static final String PLUGIN = PLUGINS + "/{plugin}";
    private static final int MAX_FILE = 32 * 1024 * 1024;
    private static final String SIGNATURE = "Helix-Signature";

    private final ControlPlane control;

    PluginRoutes(ControlPlane control) {
        this.control = control;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", PLUGINS, call -> Answer.ok(Map.of("items", control.plugins(call.caller())))),
                Route.of("GET", PLUGIN, call -> Answer.ok(control.plugin(call.caller(), call.path("plugin")))),
                Route.of("PUT", PLUGIN, this::put),
                Route.of("DELETE", PLUGIN, this::delete),
                Route.of("POST", PLUGIN + "/try", this::tryOut));
    }

    private Answer put(Call call) throws IOException {
        String name = call.path("plugin");
        byte[] content = call.body(MAX_FILE);
        if (content.length == 0) {
            throw HelixException.invalid("the body is empty: send the file of the plugin");
        }
        Plugin plugin = control.installPlugin(
                call.caller(), name, content, call.request().getHeader(SIGNATURE), Before.ANYTHING);
        return Answer.ok(plugin);
    }

    private Answer delete(Call call) {
        control.removePlugin(call.caller(), call.path("plugin"));
        return Answer.noContent();
    }

    private Answer tryOut(Call call) throws IOException {
        ObjectNode wanted =
                call.request().getContentLengthLong() == 0 ? EventFormat.json().createObjectNode() : call.object();
        wanted.fieldNames().forEachRemaining(key -> {
            if (!List.of("type", "event", "config").contains(key)) {
                throw HelixException.invalid("unknown member '" + key + "'; known are type, event and config");
            }
        });
        JsonNode type = wanted.path("type");
        ObjectNode event = object(wanted, "event");
        ObjectNode config = object(wanted, "config");
        List<JsonNode> calls = control.tryPlugin(
                call.caller(),
                call.path("plugin"),
                new Trial(
                        type.isTextual() ? type.textValue() : null,
                        event,
                        config == null ? EventFormat.json().createObjectNode() : config));
        return Answer.ok(Map.of("items", calls));
    }

    private static @Nullable ObjectNode object(ObjectNode wanted, String key) {
        JsonNode node = wanted.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw HelixException.invalid("member '" + key + "' must be a JSON object");
    }
}
