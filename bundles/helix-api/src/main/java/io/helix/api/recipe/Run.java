package io.helix.api.recipe;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a recipe.
 *
 * @param id derived from the trigger
 * @param late whether it was due while Helix was not running
 * @param error empty unless the run failed
 * @param steps in the order in which they ended
 */
public record Run(
        String id,
        String profile,
        String recipe,
        long recipeRevision,
        @Nullable String rule,
        long ruleRevision,
        String eventId,
        String eventSource,
        String principal,
        List<String> policies,
        boolean late,
        RunState state,
        Instant started,
        @Nullable Instant ended,
        String error,
        List<StepRecord> steps) {
    public Run {
        policies = List.copyOf(policies);
        steps = List.copyOf(steps);
    }
}
