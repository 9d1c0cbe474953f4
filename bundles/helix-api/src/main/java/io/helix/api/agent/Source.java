package io.helix.api.agent;

import org.osgi.annotation.versioning.ConsumerType;

/** An agent that produces events from the time it is started until it is stopped. */
@ConsumerType
public non-sealed interface Source<C> extends Agent<C> {
    /**
     * Begins to produce. Returns soon: waiting work belongs in {@link SourceContext#schedule} or
     * {@link SourceContext#onRequest}. An exception means the source failed; Helix shows the reason and starts it again
     * with backoff, with a new instance.
     */
    void start(SourceContext<C> context) throws Exception;

    /** Releases what {@link #start} took. What was scheduled through the context has been cancelled already. */
    default void stop() {}
}
