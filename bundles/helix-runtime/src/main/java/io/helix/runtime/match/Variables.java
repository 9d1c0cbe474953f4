package io.helix.runtime.match;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import java.util.Map;

/** What expressions see. */
public final class Variables {
    private Variables() {}

    /** {@code event}: the envelope's attributes and {@code data}. */
    public static Map<String, JsonNode> event(Event event) {
        return Map.of("event", EventFormat.toJson(event));
    }
}
