package io.helix.api.agent;

import org.osgi.annotation.versioning.ProviderType;

/** The context of one call of an action. */
@ProviderType
public interface ActionContext<C> extends AgentContext<C> {
    /** Adds an event that tells of the effect. Published when the call has returned normally. */
    void emit(EventDraft draft);

    /** The same for every attempt at the same effect, and different for every other. */
    String idempotencyKey();
}
