package io.helix.agents;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.agent.EventDraft;
import io.helix.api.event.Event;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Drafts that follow from an event. */
final class Drafts {
    private Drafts() {}

    /** Keeps time and extensions; what Helix notes on events itself is left to Helix. */
    static EventDraft following(Event event, String type, @Nullable String subject, JsonNode data) {
        Map<String, String> extensions = event.extensions().entrySet().stream()
                .filter(it -> !it.getKey().startsWith("helix"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new EventDraft(null, type, subject, event.time(), extensions, data);
    }
}
