package io.helix.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.control.ControlJson;
import java.io.IOException;

/** Writes answers as JSON and YAML, and reads YAML. */
final class JsonForms {
    private static final ObjectMapper JSON = ControlJson.mapper();
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private JsonForms() {}

    static byte[] json(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new HelixException(ErrorKind.INTERNAL, "cannot write the answer as JSON", e);
        }
    }

    static byte[] yaml(Object value) {
        try {
            return YAML.writeValueAsBytes(JSON.<JsonNode>valueToTree(value));
        } catch (JsonProcessingException e) {
            throw new HelixException(ErrorKind.INTERNAL, "cannot write the answer as YAML", e);
        }
    }

    static JsonNode parseYaml(byte[] text) {
        try {
            JsonNode node = YAML.readTree(text);
            return node == null ? MissingNode.getInstance() : node;
        } catch (JsonProcessingException e) {
            throw HelixException.invalid("malformed YAML: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new HelixException(ErrorKind.INVALID, "malformed YAML", e);
        }
    }
}
