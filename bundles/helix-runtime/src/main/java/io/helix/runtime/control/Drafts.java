package io.helix.runtime.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Documents that Helix writes by itself. */
final class Drafts {
    private Drafts() {}

    static ObjectNode policy(String name, String cedar) {
        ObjectNode document = document("Policy", name);
        document.putObject("spec").put("cedar", cedar);
        return document;
    }

    static ObjectNode profile(String name, String description) {
        ObjectNode document = document("Profile", name);
        document.putObject("spec").put("description", description);
        return document;
    }

    private static ObjectNode document(String kind, String name) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("apiVersion", "helix/v1").put("kind", kind);
        document.putObject("metadata").put("name", name);
        return document;
    }
}
