package io.helix.runtime.memory;

import io.helix.api.event.Channel;
import io.helix.api.event.Message;
import io.helix.api.event.StoredMessage;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

/**
 * A message among the events that only tells the time. What a rule with a memory does depends on the log alone, its times
 * included; when a deadline has come and no event comes after it, a tick does. That is what makes replaying the log give
 * the same again.
 */
public final class Tick {
    /** The event type that is not for events. */
    public static final String TYPE = "helix.tick";

    private static final byte[] BODY = "{}".getBytes(StandardCharsets.US_ASCII);

    private Tick() {}

    static Message message(String profile) {
        return new Message(Channel.EVENTS, profile, TYPE, TYPE, "tick-" + UUID.randomUUID(), Map.of(), BODY);
    }

    public static boolean is(StoredMessage message) {
        return message.route().equals(TYPE);
    }
}
