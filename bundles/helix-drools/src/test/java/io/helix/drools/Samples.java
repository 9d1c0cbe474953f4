package io.helix.drools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.PatternParser;
import io.helix.api.rule.RuleKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/** Patterns and events as JSON with single quotes. */
final class Samples {
    static final String PROFILE = "home";

    private Samples() {}

    static JsonNode json(String text) {
        return EventFormat.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    static Pattern pattern(String text) {
        return PatternParser.parse(json(text), "match");
    }

    static RuleKey key(String name) {
        return new RuleKey(PROFILE, name);
    }

    static Event event(String type, String data) {
        return event(type, data.isEmpty() ? MissingNode.getInstance() : json(data));
    }

    static Event event(String type, JsonNode data) {
        return new Event("1", "/test", type, null, Instant.EPOCH, Map.of(), data);
    }

    static String text(JsonNode node) {
        try {
            return EventFormat.json().writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
