package io.helix.wasm;

import io.helix.api.agent.AgentState;
import io.helix.wasm.HostRefusal.Code;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;

/**
 * The bytes a guest keeps, in the text map of its agent: {@code <expiry>:t:<text>}, or {@code <expiry>:b:<base64>} for
 * what is not UTF-8. The expiry is in epoch milliseconds, 0 for none.
 */
final class GuestKeyValues {
    private static final int MAX_KEY = 200;
    private static final int MAX_VALUE = 64 * 1024;
    private static final String TEXT = ":t:";
    private static final String BINARY = ":b:";

    private final AgentState state;
    private final InstantSource clock;
    private final boolean granted;

    GuestKeyValues(AgentState state, InstantSource clock, boolean granted) {
        this.state = state;
        this.clock = clock;
        this.granted = granted;
    }

    byte[] get(String key) throws HostRefusal {
        return live(key)
                .map(GuestKeyValues::decode)
                .orElseThrow(() -> new HostRefusal(Code.NOT_FOUND, "no value is stored for '" + key + "'"));
    }

    int set(String key, byte[] value, int timeToLiveSeconds) throws HostRefusal {
        requireKey(key);
        if (timeToLiveSeconds < 0) {
            throw new HostRefusal(Code.INVALID, "a time to live is 0 or more seconds");
        }
        long expiry = timeToLiveSeconds == 0
                ? 0
                : clock.instant().plusSeconds(timeToLiveSeconds).toEpochMilli();
        String stored = expiry + encode(value);
        if (stored.length() > MAX_VALUE) {
            throw new HostRefusal(Code.LIMIT, "a stored value is at most " + MAX_VALUE + " bytes long");
        }
        state.put(key, stored);
        return 0;
    }

    int delete(String key) throws HostRefusal {
        boolean existed = live(key).isPresent();
        state.remove(key);
        return existed ? 1 : 0;
    }

    private Optional<String> live(String key) throws HostRefusal {
        requireKey(key);
        return state.get(key).filter(this::isLive);
    }

    private boolean isLive(String stored) {
        long expiry = Long.parseLong(stored.substring(0, stored.indexOf(':')));
        return expiry == 0 || clock.instant().isBefore(Instant.ofEpochMilli(expiry));
    }

    private void requireKey(String key) throws HostRefusal {
        if (!granted) {
            throw new HostRefusal(Code.DENIED, "the manifest of the plugin does not ask for capability kv");
        }
        if (key.isEmpty() || key.length() > MAX_KEY) {
            throw new HostRefusal(Code.INVALID, "a key has 1 to " + MAX_KEY + " characters");
        }
    }

    private static String encode(byte[] value) {
        try {
            String text = HostCalls.utf8(value);
            return text.indexOf('\0') < 0 ? TEXT + text : base64(value); // SQL text cannot hold a zero
        } catch (HostRefusal notText) {
            return base64(value);
        }
    }

    private static String base64(byte[] value) {
        return BINARY + Base64.getEncoder().encodeToString(value);
    }

    private static byte[] decode(String stored) {
        int colon = stored.indexOf(':');
        String body = stored.substring(colon + TEXT.length());
        return stored.startsWith(TEXT, colon)
                ? body.getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(body);
    }
}
