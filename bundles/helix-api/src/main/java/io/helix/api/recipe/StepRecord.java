package io.helix.api.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/**
 * How one step of a run ended.
 *
 * @param agent the agent or {@code type@version} that performed it
 * @param output MissingNode when there is none
 * @param error empty unless it failed or was skipped: why
 * @param policies the policies that permitted or forbade it
 * @param emitted ids of the events it emitted
 */
public record StepRecord(
        String step,
        String agent,
        StepState state,
        int attempts,
        Instant started,
        Instant ended,
        JsonNode output,
        String error,
        List<String> policies,
        List<String> emitted) {
    public StepRecord {
        policies = List.copyOf(policies);
        emitted = List.copyOf(emitted);
    }
}
