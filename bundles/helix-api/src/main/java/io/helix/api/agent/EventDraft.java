package io.helix.api.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event before Helix gives it its source and, where absent, its id and time.
 *
 * @param id null: a source gets a random id, a step one derived from run and step
 */
public record EventDraft(
        @Nullable String id,
        String type,
        @Nullable String subject,
        @Nullable Instant time,
        Map<String, String> extensions,
        JsonNode data) {
    public EventDraft {
        extensions = Map.copyOf(extensions);
    }

    public static EventDraft of(String type, JsonNode data) {
        return new EventDraft(null, type, null, null, Map.of(), data);
    }

    public EventDraft withId(String newId) {
        return new EventDraft(newId, type, subject, time, extensions, data);
    }

    public EventDraft withSubject(@Nullable String newSubject) {
        return new EventDraft(id, type, newSubject, time, extensions, data);
    }

    public EventDraft withTime(Instant newTime) {
        return new EventDraft(id, type, subject, newTime, extensions, data);
    }
}
