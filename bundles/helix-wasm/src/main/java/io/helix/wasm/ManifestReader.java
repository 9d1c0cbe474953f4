package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentKind;
import io.helix.api.event.EventFormat;
import io.helix.wasm.Manifest.Capabilities;
import io.helix.wasm.Manifest.Handler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a {@link Manifest}; says what is wrong with it by the name of the key. */
final class ManifestReader {
    private static final int ABI = 1;
    private static final int MAX_HANDLERS = 64;
    private static final int MAX_TIMEOUT_MS = 10_000;
    private static final String DEFAULT_EXPORT = "helix_handle";
    private static final Set<String> KEYS = Set.of(
            "abi",
            "name",
            "version",
            "description",
            "type",
            "kind",
            "handlers",
            "subscribe",
            "emit",
            "config",
            "capabilities",
            "limits",
            "encoding");

    private final JsonNode root;

    private ManifestReader(JsonNode root) {
        this.root = root;
    }

    /** @param json null when the module has no such section */
    static Manifest read(byte @Nullable [] json) {
        if (json == null) {
            throw HelixException.invalid("the module has no section helix.manifest: embed a helix.json with abi, name,"
                    + " version and handlers (see sdk/c/README.md)");
        }
        return new ManifestReader(parse(json)).read();
    }

    private static JsonNode parse(byte[] json) {
        try {
            return EventFormat.parse(json);
        } catch (HelixException e) {
            throw HelixException.invalid("section helix.manifest: " + e.message());
        }
    }

    private Manifest read() {
        if (!root.isObject()) {
            throw wrong("must be a JSON object");
        }
        root.fieldNames().forEachRemaining(ManifestReader::requireKnown);
        if (root.path("abi").asInt() != ABI) {
            throw wrong("abi must be 1, is " + root.path("abi"));
        }
        if (!root.path("encoding").asText("json").equals("json")) {
            throw wrong("encoding " + root.path("encoding") + " is not supported, only json");
        }
        return new Manifest(
                text(root, "name"), text(root, "version"), handlers(), capabilities(), memoryPages(), timeout());
    }

    private static void requireKnown(String key) {
        if (!KEYS.contains(key)) {
            throw wrong("unknown key " + key + "; known are "
                    + KEYS.stream().sorted().toList());
        }
    }

    private List<Handler> handlers() {
        List<Handler> handlers = new ArrayList<>();
        if (root.has("type")) {
            handlers.add(handler(root));
        }
        for (JsonNode handler : root.path("handlers")) {
            handlers.add(handler(handler));
        }
        if (handlers.isEmpty() || handlers.size() > MAX_HANDLERS) {
            throw wrong("names " + handlers.size() + " handlers; give type, or 1 to " + MAX_HANDLERS + " handlers");
        }
        requireDistinct(handlers);
        return handlers;
    }

    private static void requireDistinct(List<Handler> handlers) {
        Set<String> types = new HashSet<>();
        Set<String> exports = new HashSet<>();
        for (Handler handler : handlers) {
            if (!types.add(handler.type())) {
                throw wrong("handlers name type " + handler.type() + " twice");
            }
            if (!exports.add(handler.export())) {
                throw wrong("two handlers share export " + handler.export() + "; give each its own");
            }
        }
    }

    private Handler handler(JsonNode node) {
        JsonNode schema = node.path("config").isMissingNode() ? root.path("config") : node.path("config");
        return new Handler(
                text(node, "type"),
                kind(node.path("kind").asText("transformer")),
                node.path("export").asText(DEFAULT_EXPORT),
                node.path("description").asText(root.path("description").asText("")),
                schema.isMissingNode() ? anyObject() : objectSchema(schema));
    }

    private static AgentKind kind(String text) {
        return switch (text) {
            case "transformer" -> AgentKind.TRANSFORMER;
            case "action" -> AgentKind.ACTION;
            default -> throw wrong("kind must be transformer or action, is " + text);
        };
    }

    private static JsonNode objectSchema(JsonNode schema) {
        if (!schema.path("type").asText().equals("object")) {
            throw wrong("config must be a JSON Schema with \"type\": \"object\"");
        }
        return schema;
    }

    private static ObjectNode anyObject() {
        return EventFormat.json().createObjectNode().put("type", "object");
    }

    private Capabilities capabilities() {
        JsonNode wanted = root.path("capabilities");
        List<String> hosts = new ArrayList<>();
        wanted.path("http").forEach(host -> hosts.add(host.asText()));
        return new Capabilities(hosts, wanted.path("kv").asBoolean());
    }

    private @Nullable Integer memoryPages() {
        JsonNode pages = root.path("limits").path("memoryPages");
        if (pages.isMissingNode()) {
            return null;
        }
        if (!pages.canConvertToInt() || pages.intValue() < 1) {
            throw wrong("limits.memoryPages must be a positive number");
        }
        return pages.intValue();
    }

    private @Nullable Duration timeout() {
        JsonNode millis = root.path("limits").path("timeoutMs");
        if (millis.isMissingNode()) {
            return null;
        }
        if (!millis.canConvertToInt() || millis.intValue() < 1 || millis.intValue() > MAX_TIMEOUT_MS) {
            throw wrong("limits.timeoutMs must be 1 to " + MAX_TIMEOUT_MS);
        }
        return Duration.ofMillis(millis.intValue());
    }

    private static String text(JsonNode node, String key) {
        JsonNode value = node.path(key);
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw wrong(key + " is required and must be a string");
        }
        return value.textValue();
    }

    private static HelixException wrong(String what) {
        return HelixException.invalid("section helix.manifest: " + what);
    }
}
