package io.helix.api.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import java.util.Map;

/** Reads a configuration into its record. Called by generated code. */
public final class ConfigReader {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ConfigReader() {}

    /** Fills in the defaults that {@code schema} gives to top-level properties, then reads {@code json}. */
    public static <C> C read(ObjectNode json, JsonNode schema, Class<C> type) {
        ObjectNode complete = json.deepCopy();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            JsonNode value = property.getValue().get("default");
            if (value != null && !complete.has(property.getKey())) {
                complete.set(property.getKey(), value);
            }
        }
        try {
            return MAPPER.treeToValue(complete, type);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            Throwable cause = e.getCause();
            if (cause instanceof HelixException known) {
                throw known;
            }
            String message = e instanceof JsonProcessingException json2 ? json2.getOriginalMessage() : e.getMessage();
            throw new HelixException(ErrorKind.INVALID, "configuration cannot be read: " + message, e);
        }
    }

    /** Parses the schema text that generated code carries. */
    public static JsonNode schema(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new HelixException(ErrorKind.INTERNAL, "configuration schema is not JSON", e);
        }
    }
}
