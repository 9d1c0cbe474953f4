package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.wasm.HostRefusal.Code;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A configuration as a guest gets it. An instance has one all its life and asks for it in every call, so what was
 * written once is kept. The arrays must not be changed. Used by one thread at a time.
 */
final class ConfigDocuments {
    private final Map<String, byte[]> written = new HashMap<>();
    private @Nullable ObjectNode source;

    /** @param key a top-level member; empty for all of it */
    byte[] get(ObjectNode config, String key, Encoding encoding) throws HostRefusal {
        if (!config.equals(source)) {
            written.clear();
            source = config;
        }
        byte[] known = written.get(key);
        if (known == null) {
            known = encoding.write(value(config, key));
            written.put(key, known);
        }
        return known;
    }

    private static JsonNode value(ObjectNode config, String key) throws HostRefusal {
        JsonNode value = key.isEmpty() ? config : config.get(key);
        if (value == null) {
            throw new HostRefusal(Code.NOT_FOUND, "the configuration has no '" + key + "'");
        }
        return value;
    }
}
