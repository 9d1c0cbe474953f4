package io.helix.api.store;

import io.helix.api.recipe.RunState;
import io.helix.api.recipe.StepRecord;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One thing that happened, as the journal keeps it. */
public sealed interface JournalEntry {
    record RunStarted(
            String runId,
            String recipe,
            long recipeRevision,
            @Nullable String rule,
            long ruleRevision,
            String eventId,
            String eventSource,
            String principal,
            List<String> policies,
            boolean late,
            Instant time)
            implements JournalEntry {
        public RunStarted {
            policies = List.copyOf(policies);
        }
    }

    record StepEnded(String runId, StepRecord step) implements JournalEntry {}

    /** A second end of the same run is ignored: an ended run never changes. */
    record RunEnded(String runId, RunState state, Instant time, String error) implements JournalEntry {}

    /** A decision that is not part of a run: a denied trigger, a management call, a credential read. */
    record Decided(Projection.AuditEntry entry) implements JournalEntry {}
}
