package io.helix.api.event;

import java.util.Map;

/**
 * Bytes on their way to a channel.
 *
 * @param route dot separated tokens of {@code A-Z a-z 0-9 _ -}: the event type, the recipe
 * @param partitionKey messages with equal keys are in the same partition
 * @param id two messages with the same id within the deduplication window are stored once
 * @param headers printable ASCII
 * @param body not copied; must not be changed afterwards
 */
public record Message(
        Channel channel,
        String profile,
        String route,
        String partitionKey,
        String id,
        Map<String, String> headers,
        byte[] body) {
    public Message {
        headers = Map.copyOf(headers);
    }
}
