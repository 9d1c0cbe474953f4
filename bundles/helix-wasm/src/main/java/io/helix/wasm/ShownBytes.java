package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Bytes as a member of JSON: {@code body} when they are text, else {@code body64}. */
final class ShownBytes {
    private ShownBytes() {}

    static void put(ObjectNode node, String name, byte[] bytes) {
        try {
            node.put(name, Transfer.utf8(bytes));
        } catch (HostRefusal binary) {
            node.put(name + "64", bytes);
        }
    }

    /** A member that is JSON instead of text is taken as it is written. */
    static byte[] of(ObjectNode node, String name) {
        if (node.has(name + "64")) {
            return decoded(node.path(name + "64").asText());
        }
        return bytes(node.path(name));
    }

    static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw HelixException.invalid("'" + base64 + "' is not base64");
        }
    }

    static byte[] bytes(JsonNode value) {
        String text = value.isTextual() || value.isMissingNode() ? value.asText() : value.toString();
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
