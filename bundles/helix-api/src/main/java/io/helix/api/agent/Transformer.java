package io.helix.api.agent;

import io.helix.api.event.Event;
import org.osgi.annotation.versioning.ConsumerType;

/** An agent that turns an event into none, one or several events. */
@ConsumerType
public non-sealed interface Transformer<C> extends Agent<C> {
    /**
     * Emits what comes of {@code event} through {@code context}. The same event may be handed in again.
     *
     * @throws AgentException saying whether a retry can help; any other exception counts as permanent
     */
    void transform(Event event, TransformContext<C> context) throws Exception;
}
