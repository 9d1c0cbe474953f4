package io.helix.api.event;

import java.time.Instant;
import java.util.Map;

/**
 * A message as the bus keeps it.
 *
 * @param id empty if it was stored without one
 */
public record StoredMessage(
        Channel channel,
        String profile,
        String route,
        String id,
        long sequence,
        Instant stored,
        Map<String, String> headers,
        byte[] body) {
    public StoredMessage {
        headers = Map.copyOf(headers);
    }
}
