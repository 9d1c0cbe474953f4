package io.helix.api.agent;

import org.osgi.annotation.versioning.ProviderType;

/** The context of one call of a transformer. */
@ProviderType
public interface TransformContext<C> extends AgentContext<C> {
    /** Adds an event to the result. The events are published when the call has returned normally. */
    void emit(EventDraft draft);
}
