package io.helix.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.event.EventFormat;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON as text columns; the databases never look inside. */
final class Json {
    private Json() {}

    static @Nullable String text(JsonNode node) {
        return node.isMissingNode() ? null : node.toString();
    }

    static String text(Collection<String> items) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        items.forEach(array::add);
        return array.toString();
    }

    static JsonNode node(@Nullable String text) {
        if (text == null) {
            return MissingNode.getInstance();
        }
        try {
            return EventFormat.json().readTree(text);
        } catch (JsonProcessingException e) {
            throw new HelixException(ErrorKind.INTERNAL, "the database holds malformed JSON", e);
        }
    }

    static ObjectNode object(String text) {
        if (node(text) instanceof ObjectNode object) {
            return object;
        }
        throw new HelixException(ErrorKind.INTERNAL, "the database holds a document that is not an object");
    }

    static List<String> list(String text) {
        List<String> items = new ArrayList<>();
        node(text).forEach(item -> items.add(item.asText()));
        return items;
    }
}
