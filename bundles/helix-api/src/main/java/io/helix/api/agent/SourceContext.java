package io.helix.api.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** The context of a running source. */
@ProviderType
public interface SourceContext<C> extends AgentContext<C> {
    /**
     * Publishes an event. Give the draft an id where the origin has one: an event with the same id is stored once.
     *
     * @return completes when the event is durable; fails with a HelixException: UNAVAILABLE when Helix is not accepting
     *     events right now, FORBIDDEN when policy forbids
     */
    CompletionStage<Void> emit(EventDraft draft);

    /** Receives HTTP requests at {@code /hooks/<profile>/<agent>}. At most one receiver per source. */
    void onRequest(WebhookReceiver receiver);

    /** Runs {@code task} once at {@code at}, or soon if that has passed; not at all once the source is stopped. */
    void schedule(Instant at, Runnable task);

    /** Runs {@code task} again and again, {@code interval} after the last run ended. */
    void scheduleRepeatedly(Duration interval, Runnable task);
}
