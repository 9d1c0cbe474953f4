package io.helix.api.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.event.Event;
import org.osgi.annotation.versioning.ConsumerType;

/** An agent with an effect outside. */
@ConsumerType
public non-sealed interface Action<C> extends Agent<C> {
    /**
     * Has the effect. After a crash Helix may call again with the same {@link ActionContext#idempotencyKey()}; hand it
     * on where the target understands it.
     *
     * @return the output of the step; never holds a secret
     * @throws AgentException saying whether a retry can help; any other exception counts as permanent
     */
    JsonNode perform(Event event, ActionContext<C> context) throws Exception;
}
