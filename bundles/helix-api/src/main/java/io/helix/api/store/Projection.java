package io.helix.api.store;

import io.helix.api.Page;
import io.helix.api.recipe.Run;
import io.helix.api.recipe.RunState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What queries see of the log: runs, decisions, and an index of events. Each call is one transaction that also stores
 * the sequence up to which the log is projected; entries at or below the stored sequence are ignored, so that a batch may
 * be handed in again.
 */
@ProviderType
public interface Projection {
    /** Applies entries in order; {@code sequence} is the place of the last one. */
    void project(String profile, long sequence, List<JournalEntry> entries);

    /** Up to which sequence the journal is projected; 0 at first. */
    long journalSequence(String profile);

    void index(String profile, long sequence, List<EventEntry> events);

    Optional<Run> findRun(String profile, String runId);

    Page<Run> runs(String profile, RunQuery query);

    Page<AuditEntry> audit(String profile, AuditQuery query);

    Optional<EventEntry> findEvent(String profile, String eventId);

    Page<EventEntry> events(String profile, EventQuery query);

    /** @param eventId null for all; newest first */
    record RunQuery(
            @Nullable String recipe,
            @Nullable String rule,
            @Nullable String eventId,
            @Nullable RunState state,
            @Nullable String cursor,
            int limit) {}

    /** Newest first. */
    record AuditQuery(
            @Nullable Boolean permitted,
            @Nullable String action,
            @Nullable String eventId,
            @Nullable String cursor,
            int limit) {}

    /** @param typePrefix null for all; newest first */
    record EventQuery(@Nullable String typePrefix, @Nullable String cursor, int limit) {}

    /** Where to find an event. @param sequence its place in the EVENTS channel */
    record EventEntry(
            long sequence,
            String id,
            String source,
            String type,
            @Nullable String subject,
            Instant time,
            int bytes) {}

    /** One decision that was made. */
    record AuditEntry(
            String id,
            Instant time,
            String principal,
            String action,
            String resource,
            boolean permitted,
            List<String> policies,
            String reason,
            @Nullable String eventId) {
        public AuditEntry {
            policies = List.copyOf(policies);
        }
    }
}
