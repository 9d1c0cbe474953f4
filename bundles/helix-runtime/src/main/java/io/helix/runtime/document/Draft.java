package io.helix.runtime.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.document.DocumentKey;

/** A document as it was handed in: its frame is checked, its spec is not. */
public record Draft(DocumentKey key, ObjectNode content) {
    public JsonNode spec() {
        return content.path("spec");
    }
}
