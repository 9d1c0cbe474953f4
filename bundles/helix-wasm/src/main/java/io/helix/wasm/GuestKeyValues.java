package io.helix.wasm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentState;
import io.helix.api.agent.AgentState.Change;
import io.helix.api.event.EventFormat;
import io.helix.wasm.HostRefusal.Code;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The bytes a guest keeps, in the text map of its agent, under the name of the plugin: another plugin that takes over
 * the agent finds nothing. {@code t:<text>}, or {@code b:<base64>} for what is not UTF-8. What one call writes is seen
 * by it at once, and stored when it is kept.
 */
final class GuestKeyValues {
    static final int MAX_KEY = 200;
    private static final int MAX_VALUE = 64 * 1024;
    private static final int MAX_LISTED = 1000;
    private static final String TEXT = "t:";
    private static final String BINARY = "b:";

    private final AgentState state;
    private final String prefix;
    private final CallTime time;
    private final Map<String, Change> writes = new LinkedHashMap<>();

    GuestKeyValues(AgentState state, Terms terms, CallTime time) {
        this.state = state;
        this.prefix = terms.plugin() + "/";
        this.time = time;
    }

    byte[] get(String key) throws HostRefusal {
        return find(place(key))
                .map(GuestKeyValues::decode)
                .orElseThrow(() -> new HostRefusal(Code.NOT_FOUND, "no value is stored for '" + key + "'"));
    }

    private Optional<String> find(String place) {
        Change write = writes.get(place);
        return write == null ? time.ask(() -> state.get(place)) : Optional.ofNullable(write.value());
    }

    int set(String key, byte[] value, int timeToLiveSeconds) throws HostRefusal {
        if (timeToLiveSeconds < 0) {
            throw new HostRefusal(Code.INVALID, "a time to live is 0 or more seconds");
        }
        String stored = encode(value);
        if (value.length > MAX_VALUE || stored.length() > MAX_VALUE) {
            throw HostRefusal.over(Bound.KEPT_VALUES, "a stored value is at most " + MAX_VALUE + " bytes long");
        }
        Duration timeToLive = timeToLiveSeconds == 0 ? null : Duration.ofSeconds(timeToLiveSeconds);
        write(new Change(place(key), stored, timeToLive));
        return 0;
    }

    /** Whether there is room is asked here, where the guest can still be told. */
    private void write(Change change) {
        Change before = writes.put(change.key(), change);
        try {
            requireRoom(List.copyOf(writes.values()));
        } catch (HelixException e) {
            if (before == null) {
                writes.remove(change.key());
            } else {
                writes.put(change.key(), before);
            }
            throw e;
        }
    }

    private void requireRoom(List<Change> changes) {
        time.ask(() -> {
            state.check(changes);
            return true;
        });
    }

    int delete(String key) throws HostRefusal {
        String place = place(key);
        boolean existed = find(place).isPresent();
        writes.put(place, new Change(place, null, null));
        return existed ? 1 : 0;
    }

    byte[] list(String keyPrefix) {
        if (keyPrefix.length() > MAX_KEY || keyPrefix.indexOf('\0') >= 0) {
            return EventFormat.bytes(EventFormat.json().createArrayNode()); // no key begins so
        }
        String wanted = prefix + keyPrefix;
        TreeSet<String> places = new TreeSet<>(time.ask(() -> state.keys(wanted, MAX_LISTED)));
        writes.forEach((place, write) -> {
            if (write.value() == null) {
                places.remove(place);
            } else if (place.startsWith(wanted)) {
                places.add(place);
            }
        });
        ArrayNode keys = EventFormat.json().createArrayNode();
        places.stream().limit(MAX_LISTED).forEach(place -> keys.add(place.substring(prefix.length())));
        return EventFormat.bytes(keys);
    }

    /** Stores all that was written, or nothing. */
    void keep() {
        if (!writes.isEmpty()) {
            state.change(Collections.unmodifiableCollection(writes.values()));
            writes.clear();
        }
    }

    private String place(String key) throws HostRefusal {
        if (key.isEmpty() || key.length() > MAX_KEY) {
            throw new HostRefusal(Code.INVALID, "a key has 1 to " + MAX_KEY + " characters");
        }
        if (key.indexOf('\0') >= 0) {
            throw new HostRefusal(Code.INVALID, "a key has no zero character"); // SQL text cannot hold one
        }
        return prefix + key;
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
