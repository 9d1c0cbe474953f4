package io.helix.api.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * Something that just happened, for people who watch.
 *
 * @param kind {@code event}, {@code match}, {@code decision} or {@code run}
 */
public record LiveItem(String kind, String profile, Instant time, JsonNode data) {}
