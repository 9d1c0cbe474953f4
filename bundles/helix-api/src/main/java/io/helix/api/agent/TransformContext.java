package io.helix.api.agent;

import org.osgi.annotation.versioning.ProviderType;

/** The context of one call of a transformer. */
@ProviderType
public interface TransformContext<C> extends AgentContext<C> {
    /**
     * Adds an event to the result. The events go to the steps that need this one when the call has
     * returned normally, and are published too where the step says so.
     */
    void emit(EventDraft draft);
}
