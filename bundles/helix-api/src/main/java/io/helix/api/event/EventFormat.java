package io.helix.api.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON event format of CloudEvents 1.0 (structured mode), with bounds for input from outside. Numbers are kept
 * exactly. Thread safe.
 */
public final class EventFormat {
    public static final int MAX_BYTES = 1024 * 1024;
    /** What one event may have on the mesh, envelope included; the rest of a message is for headers. */
    public static final int MAX_EVENT_BYTES = MAX_BYTES - 4096;

    /** How deep what comes from outside may be nested. */
    public static final int MAX_DEPTH = 1000;

    /** What Helix puts around it (triggers, runs, the events that recipes make of events) must still be written and read. */
    private static final int MAX_DEPTH_INSIDE = 2 * MAX_DEPTH;

    private static final ObjectMapper OUTSIDE = mapper(MAX_DEPTH);
    private static final ObjectMapper JSON = mapper(MAX_DEPTH_INSIDE);

    private EventFormat() {}

    private static ObjectMapper mapper(int depth) {
        return JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(depth)
                                .maxStringLength(MAX_BYTES)
                                .maxNumberLength(200)
                                .build())
                        .streamWriteConstraints(StreamWriteConstraints.builder()
                                .maxNestingDepth(depth)
                                .build())
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
    }

    /**
     * The mapper whose bounds and number handling all of Helix shares, for what Helix has written itself. Must not be
     * reconfigured.
     */
    public static ObjectMapper json() {
        return JSON;
    }

    /** Parses any JSON text from outside; INVALID with line and column when it is malformed or over a bound. */
    public static JsonNode parse(byte[] json) {
        return parse(OUTSIDE, json);
    }

    /** Parses what {@link #bytes} has written; INVALID when it is something else. */
    public static JsonNode parseOwn(byte[] json) {
        return parse(JSON, json);
    }

    private static JsonNode parse(ObjectMapper mapper, byte[] json) {
        if (json.length > MAX_BYTES) {
            throw HelixException.invalid("JSON is longer than " + MAX_BYTES + " bytes");
        }
        try {
            JsonNode node = mapper.readTree(json);
            return node == null ? MissingNode.getInstance() : node;
        } catch (JsonProcessingException e) {
            throw malformed(e);
        } catch (IOException e) {
            throw new HelixException(ErrorKind.INVALID, "malformed JSON", e);
        }
    }

    private static HelixException malformed(JsonProcessingException e) {
        String place = e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
        return new HelixException(ErrorKind.INVALID, "malformed JSON" + place + ": " + e.getOriginalMessage());
    }

    /** Reads one event in structured mode that Helix has stored. */
    public static Event read(byte[] json, Instant received) {
        return fromJson(parseOwn(json), received);
    }

    /**
     * Reads one event.
     *
     * @param received stands in for a missing {@code time}
     */
    public static Event fromJson(JsonNode node, Instant received) {
        if (!node.isObject()) {
            throw HelixException.invalid("an event must be a JSON object");
        }
        if (!"1.0".equals(node.path("specversion").asText())) {
            throw HelixException.invalid("specversion must be \"1.0\"");
        }
        Map<String, String> extensions = new LinkedHashMap<>();
        JsonNode data = MissingNode.getInstance();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            switch (field.getKey()) {
                case "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema" -> {}
                case "data" -> data = field.getValue();
                case "data_base64" ->
                    throw HelixException.invalid("data_base64 is not supported: Helix events carry JSON data");
                default -> extensions.put(extensionName(field.getKey()), scalar(field.getKey(), field.getValue()));
            }
        }
        return new Event(
                text(node, "id"),
                text(node, "source"),
                text(node, "type"),
                node.hasNonNull("subject") ? text(node, "subject") : null,
                time(node.hasNonNull("time") ? text(node, "time") : null, received),
                extensions,
                data);
    }

    /** Parses a CloudEvents timestamp (RFC 3339); {@code absent} stands in for null. */
    public static Instant time(@Nullable String text, Instant absent) {
        if (text == null) {
            return absent;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw HelixException.invalid("time '" + text + "' is not an RFC 3339 timestamp");
        }
    }

    /** Checks the name of a CloudEvents extension attribute. */
    public static String extensionName(String name) {
        if (name.isEmpty()
                || name.length() > 64
                || !name.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9')) {
            throw HelixException.invalid(
                    "'" + name
                            + "' is not a CloudEvents attribute name: use lower-case letters and digits; payload goes below data");
        }
        return name;
    }

    private static String scalar(String name, JsonNode value) {
        if (!value.isValueNode() || value.isNull()) {
            throw HelixException.invalid("attribute '" + name + "' must be a string, number or boolean");
        }
        return value.asText();
    }

    private static String text(JsonNode node, String name) {
        JsonNode value = node.get(name);
        if (value == null || !value.isTextual()) {
            throw HelixException.invalid("attribute '" + name + "' is required and must be a string");
        }
        return value.textValue();
    }

    public static ObjectNode toJson(Event event) {
        ObjectNode node = JSON.createObjectNode();
        node.put("specversion", "1.0");
        node.put("id", event.id());
        node.put("source", event.source());
        node.put("type", event.type());
        if (event.subject() != null) {
            node.put("subject", event.subject());
        }
        node.put("time", event.time().toString());
        event.extensions().forEach(node::put);
        if (!event.data().isMissingNode()) {
            node.set("data", event.data());
        }
        return node;
    }

    public static byte[] write(Event event) {
        return bytes(toJson(event));
    }

    /** INVALID when it is nested too deep to be read again. */
    public static byte[] bytes(JsonNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (StreamConstraintsException e) {
            throw HelixException.invalid("JSON is nested more than " + MAX_DEPTH_INSIDE + " deep");
        } catch (JsonProcessingException e) {
            throw new HelixException(ErrorKind.INTERNAL, "cannot write JSON", e);
        }
    }
}
