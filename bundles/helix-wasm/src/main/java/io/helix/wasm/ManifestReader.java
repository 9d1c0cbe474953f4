package io.helix.wasm;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentKind;
import io.helix.api.agent.ConfigReader;
import io.helix.api.event.EventFormat;
import io.helix.wasm.Manifest.Capabilities;
import io.helix.wasm.Manifest.Handler;
import io.helix.wasm.Manifest.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads a {@link Manifest}; says what is wrong with it by the name of the key. */
final class ManifestReader {
    private static final int ABI = 1;
    private static final int MAX_HANDLERS = 64;
    private static final int MAX_SAMPLES = 64;
    private static final int MAX_CONCURRENCY = 1000;
    private static final Duration MIN_WAKE = Duration.ofSeconds(5);
    private static final Duration MAX_WAKE = Duration.ofDays(7);
    private static final String DEFAULT_EXPORT = "helix_handle";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,59}");
    private static final Set<String> HANDLER_KEYS =
            Set.of("type", "kind", "export", "description", "config", "wake", "request", "subscribe", "emit");
    private static final Set<String> PLUGIN_KEYS =
            Set.of("abi", "name", "version", "handlers", "capabilities", "limits", "encoding", "samples");
    private static final Set<String> LIMIT_KEYS = Set.of(
            "timeoutMs", "hostCalls", "events", "eventBytes", "outputBytes", "logLines", "concurrency", "memoryPages");
    private static final Set<String> CAPABILITY_KEYS = Set.of("http", "kv", "credentials", "emit");

    private static final ObjectReader STRICT =
            EventFormat.json().reader().with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private final JsonNode root;
    private final List<JsonNode> moreHandlers;

    private ManifestReader(JsonNode root, List<JsonNode> moreHandlers) {
        this.root = root;
        this.moreHandlers = moreHandlers;
    }

    static Manifest read(ModuleShape shape) {
        byte[] json = shape.manifest();
        if (json == null) {
            throw HelixException.invalid(
                    "the module has no section helix.manifest: embed a JSON document with abi, name,"
                            + " version and handlers, as docs/plugin-abi.md says");
        }
        return new ManifestReader(parse(json, ModuleReader.MANIFEST_SECTION), lines(shape.handlers())).read();
    }

    private static List<JsonNode> lines(byte[] handlers) {
        return new String(handlers, StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replace("\0", "").strip())
                .filter(line -> !line.isEmpty())
                .map(line -> parse(line.getBytes(StandardCharsets.UTF_8), ModuleReader.HANDLERS_SECTION))
                .toList();
    }

    private static JsonNode parse(byte[] json, String section) {
        try {
            JsonNode node = EventFormat.parse(json);
            requireDistinctKeys(json);
            if (!node.isObject()) {
                throw HelixException.invalid("must be a JSON object");
            }
            return node;
        } catch (HelixException e) {
            throw HelixException.invalid("section " + section + ": " + e.message());
        }
    }

    /** What a person reads in a manifest, the first of two equal keys perhaps, must be what is granted. */
    private static void requireDistinctKeys(byte[] json) {
        try {
            STRICT.readTree(json);
        } catch (IOException e) {
            throw HelixException.invalid(String.valueOf(e.getMessage()));
        }
    }

    private Manifest read() {
        Set<String> known = new HashSet<>(PLUGIN_KEYS);
        known.addAll(HANDLER_KEYS);
        requireKnown(root, known, "");
        requireKinds();
        if (!root.path("abi").isInt() || root.path("abi").intValue() != ABI) {
            throw wrong("abi must be 1, is " + root.path("abi"));
        }
        List<Handler> handlers = handlers();
        return new Manifest(
                name(),
                text(root, "version"),
                root.path("description").asText(""),
                handlers,
                capabilities(),
                limits(),
                encoding(),
                samples(handlers));
    }

    /** A member of another kind would count as left out: a typing error must not silently lift or lose a bound. */
    private void requireKinds() {
        requireKind(root, JsonNode::isObject, "an object", "capabilities", "limits");
        requireKind(root, JsonNode::isArray, "a list", "handlers", "samples");
        requireKind(root.path("capabilities"), JsonNode::isBoolean, "true or false", "kv");
        requireHandlerKinds(root);
        root.path("handlers").forEach(ManifestReader::requireHandlerKinds);
        moreHandlers.forEach(ManifestReader::requireHandlerKinds);
    }

    private static void requireHandlerKinds(JsonNode handler) {
        requireKind(handler, JsonNode::isBoolean, "true or false", "request");
        requireKind(handler, JsonNode::isObject, "an object", "wake", "config");
        requireKind(handler, JsonNode::isTextual, "a string", "kind", "export", "description");
    }

    private static void requireKind(JsonNode node, Predicate<JsonNode> kind, String name, String... keys) {
        for (String key : keys) {
            JsonNode value = node.path(key);
            if (!value.isMissingNode() && !kind.test(value)) {
                throw wrong(key + " must be " + name);
            }
        }
    }

    private static void requireKnown(JsonNode node, Set<String> known, String where) {
        node.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                throw wrong("unknown key " + where + key + "; known are "
                        + known.stream().sorted().toList());
            }
        });
    }

    private String name() {
        String name = text(root, "name");
        if (!NAME.matcher(name).matches()) {
            throw wrong("name '" + name + "' must be 1 to 60 of a-z, 0-9, dot, hyphen and underscore");
        }
        return name;
    }

    private Encoding encoding() {
        return switch (root.path("encoding").asText("json")) {
            case "json" -> Encoding.JSON;
            case "msgpack" -> Encoding.MSGPACK;
            default -> throw wrong("encoding must be json or msgpack, is " + root.path("encoding"));
        };
    }

    private List<Handler> handlers() {
        List<Handler> handlers = new ArrayList<>();
        if (root.has("type")) {
            handlers.add(handler(root));
        }
        for (JsonNode handler : root.path("handlers")) {
            requireKnown(handler, HANDLER_KEYS, "handlers[].");
            handlers.add(handler(handler));
        }
        for (JsonNode handler : moreHandlers) {
            requireKnown(handler, HANDLER_KEYS, ModuleReader.HANDLERS_SECTION + " ");
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
        String type = text(node, "type");
        AgentKind kind = kind(node.path("kind").asText("transformer"));
        JsonNode schema = node.path("config").isMissingNode() ? root.path("config") : node.path("config");
        Duration wake = wake(node.path("wake"), type);
        boolean takesRequests = node.path("request").asBoolean();
        if (kind != AgentKind.SOURCE && (wake != null || takesRequests)) {
            throw wrong(type + " is no source: wake and request are for sources");
        }
        if (kind == AgentKind.SOURCE && wake == null && !takesRequests) {
            throw wrong("source " + type + " would never be woken: give wake, e.g. {\"every\": \"5m\"}, or request");
        }
        return new Handler(
                type,
                kind,
                node.path("export").asText(DEFAULT_EXPORT),
                node.path("description").asText(root.path("description").asText("")),
                configSchema(schema, wake),
                wake,
                takesRequests);
    }

    private static AgentKind kind(String text) {
        return switch (text) {
            case "source" -> AgentKind.SOURCE;
            case "transformer" -> AgentKind.TRANSFORMER;
            case "action" -> AgentKind.ACTION;
            default -> throw wrong("kind must be source, transformer or action, is " + text);
        };
    }

    private static @Nullable Duration wake(JsonNode node, String type) {
        if (node.isMissingNode()) {
            return null;
        }
        requireKnown(node, Set.of("every"), "wake.");
        try {
            return interval(node.path("every").asText(""));
        } catch (HelixException e) {
            throw wrong("wake.every of " + type + ": " + e.message());
        }
    }

    /** How often a source is woken, as {@code 5s}, {@code 10m}, {@code 2h} or {@code 7d}. */
    static Duration interval(String text) {
        Duration interval = ConfigReader.duration(text);
        if (interval.compareTo(MIN_WAKE) < 0 || interval.compareTo(MAX_WAKE) > 0) {
            throw HelixException.invalid("'" + text + "' is not within 5s and 7d");
        }
        return interval;
    }

    /** With the member that Helix itself reads. */
    private static JsonNode configSchema(JsonNode declared, @Nullable Duration wake) {
        ObjectNode schema =
                declared.isMissingNode() ? anyObject() : objectSchema(declared).deepCopy();
        if (wake != null && !schema.path("properties").has("every")) {
            schema.withObject("/properties")
                    .putObject("every")
                    .put("type", "string")
                    .put("pattern", "^[0-9]{1,6}[smhd]$")
                    .put("description", "How often it looks, 5s to 7d");
        }
        return schema;
    }

    private static ObjectNode objectSchema(JsonNode schema) {
        if (!schema.path("type").asText().equals("object")) {
            throw wrong("config must be a JSON Schema with \"type\": \"object\"");
        }
        return (ObjectNode) schema;
    }

    private static ObjectNode anyObject() {
        return EventFormat.json().createObjectNode().put("type", "object");
    }

    private Capabilities capabilities() {
        JsonNode wanted = root.path("capabilities");
        requireKnown(wanted, CAPABILITY_KEYS, "capabilities.");
        return new Capabilities(
                texts(wanted.path("http"), "capabilities.http"),
                wanted.path("kv").asBoolean(),
                texts(wanted.path("credentials"), "capabilities.credentials"),
                wanted.has("emit") ? texts(wanted.path("emit"), "capabilities.emit") : null);
    }

    private static List<String> texts(JsonNode node, String key) {
        if (!node.isMissingNode() && !node.isArray()) {
            throw wrong(key + " must be a list of strings");
        }
        return StreamSupport.stream(node.spliterator(), false)
                .map(item -> item.isTextual() ? item.textValue() : notText(key))
                .toList();
    }

    private static String notText(String key) {
        throw wrong(key + " must be a list of strings");
    }

    private LimitsWanted limits() {
        requireKnown(root.path("limits"), LIMIT_KEYS, "limits.");
        return new LimitsWanted(
                limit("timeoutMs", Integer.MAX_VALUE),
                limit("hostCalls", Integer.MAX_VALUE),
                limit("events", Integer.MAX_VALUE),
                limit("eventBytes", Integer.MAX_VALUE),
                limit("outputBytes", Integer.MAX_VALUE),
                limit("logLines", Integer.MAX_VALUE),
                limit("concurrency", MAX_CONCURRENCY),
                limit("memoryPages", 65_536));
    }

    private @Nullable Integer limit(String key, int most) {
        JsonNode value = root.path("limits").path(key);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.canConvertToInt() || !value.isIntegralNumber() || value.intValue() < 1 || value.intValue() > most) {
            throw wrong("limits." + key + " must be a positive number"
                    + (most == Integer.MAX_VALUE ? "" : " up to " + most));
        }
        return value.intValue();
    }

    private List<Sample> samples(List<Handler> handlers) {
        List<Sample> samples = new ArrayList<>();
        for (JsonNode node : root.path("samples")) {
            requireKnown(node, Set.of("type", "event", "config"), "samples[].");
            String type = node.path("type").asText(handlers.getFirst().type());
            if (handlers.stream().noneMatch(handler -> handler.type().equals(type))) {
                throw wrong("a sample names type " + type + ", which no handler has");
            }
            if (!node.path("event").isObject()) {
                throw wrong("a sample has an event, a JSON object");
            }
            ObjectNode config = node.path("config") instanceof ObjectNode given
                    ? given
                    : EventFormat.json().createObjectNode();
            samples.add(new Sample(type, node.path("event"), config));
        }
        if (samples.size() > MAX_SAMPLES) {
            throw wrong("has more than " + MAX_SAMPLES + " samples");
        }
        return samples;
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
