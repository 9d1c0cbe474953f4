package io.helix.wasm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.helix.api.agent.AgentState;
import io.helix.api.event.EventFormat;
import io.helix.wasm.HostRefusal.Code;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/**
 * The bytes a guest keeps, in the text map of its agent, under the name of the plugin: another plugin that takes over
 * the agent finds nothing. {@code t:<text>}, or {@code b:<base64>} for what is not UTF-8.
 */
final class GuestKeyValues {
    static final int MAX_KEY = 128;
    private static final int MAX_VALUE = 64 * 1024;
    private static final int MAX_LISTED = 1000;
    private static final String TEXT = "t:";
    private static final String BINARY = "b:";

    private final AgentState state;
    private final String prefix;
    private final boolean asked;

    GuestKeyValues(AgentState state, Terms terms) {
        this.state = state;
        this.prefix = terms.plugin() + "/";
        this.asked = terms.capabilities().keyValues();
    }

    byte[] get(String key) throws HostRefusal {
        return state.get(place(key))
                .map(GuestKeyValues::decode)
                .orElseThrow(() -> new HostRefusal(Code.NOT_FOUND, "no value is stored for '" + key + "'"));
    }

    int set(String key, byte[] value, int timeToLiveSeconds) throws HostRefusal {
        requireAsked();
        if (timeToLiveSeconds < 0) {
            throw new HostRefusal(Code.INVALID, "a time to live is 0 or more seconds");
        }
        String stored = encode(value);
        if (value.length > MAX_VALUE || stored.length() > MAX_VALUE) {
            throw new HostRefusal(Code.LIMIT, "a stored value is at most " + MAX_VALUE + " bytes long");
        }
        String place = place(key);
        if (timeToLiveSeconds == 0) {
            state.put(place, stored);
        } else {
            state.put(place, stored, Duration.ofSeconds(timeToLiveSeconds));
        }
        return 0;
    }

    int delete(String key) throws HostRefusal {
        String place = place(key);
        boolean existed = state.get(place).isPresent();
        state.remove(place);
        return existed ? 1 : 0;
    }

    byte[] list(String keyPrefix) throws HostRefusal {
        requireAsked();
        if (keyPrefix.length() > MAX_KEY || keyPrefix.indexOf('\0') >= 0) {
            return EventFormat.bytes(EventFormat.json().createArrayNode()); // no key begins so
        }
        ArrayNode keys = EventFormat.json().createArrayNode();
        state.keys(prefix + keyPrefix, MAX_LISTED).forEach(key -> keys.add(key.substring(prefix.length())));
        return EventFormat.bytes(keys);
    }

    private String place(String key) throws HostRefusal {
        requireAsked();
        if (key.isEmpty() || key.length() > MAX_KEY) {
            throw new HostRefusal(Code.INVALID, "a key has 1 to " + MAX_KEY + " characters");
        }
        if (key.indexOf('\0') >= 0) {
            throw new HostRefusal(Code.INVALID, "a key has no zero character"); // SQL text cannot hold one
        }
        return prefix + key;
    }

    private void requireAsked() throws HostRefusal {
        if (!asked) {
            throw new HostRefusal(Code.DENIED, "the manifest of the plugin does not ask for capability kv");
        }
    }

    private static String encode(byte[] value) {
        try {
            String text = Transfer.utf8(value);
            return text.indexOf('\0') < 0 ? TEXT + text : base64(value); // SQL text cannot hold a zero
        } catch (HostRefusal notText) {
            return base64(value);
        }
    }

    private static String base64(byte[] value) {
        return BINARY + Base64.getEncoder().encodeToString(value);
    }

    private static byte[] decode(String stored) {
        String body = stored.substring(TEXT.length());
        return stored.startsWith(TEXT)
                ? body.getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(body);
    }
}
