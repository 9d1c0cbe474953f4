package io.helix.sdk.testing.agent;

import io.helix.api.agent.EventDraft;
import io.helix.api.agent.TransformContext;

/** The context of one call of a transformer. */
public final class TestTransformContext<C> extends TestContext<C> implements TransformContext<C> {
    public TestTransformContext(C config) {
        this(config, new AgentWorld());
    }

    TestTransformContext(C config, AgentWorld world) {
        super(config, world);
    }

    @Override
    public void emit(EventDraft draft) {
        record(draft);
    }
}
