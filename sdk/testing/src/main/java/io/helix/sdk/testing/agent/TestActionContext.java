package io.helix.sdk.testing.agent;

import io.helix.api.agent.ActionContext;
import io.helix.api.agent.EventDraft;

/** The context of one call of an action. */
public final class TestActionContext<C> extends TestContext<C> implements ActionContext<C> {
    private final String idempotencyKey;

    public TestActionContext(C config) {
        this(config, "run-1:step-1", new AgentWorld());
    }

    TestActionContext(C config, String idempotencyKey, AgentWorld world) {
        super(config, world);
        this.idempotencyKey = idempotencyKey;
    }

    @Override
    public void emit(EventDraft draft) {
        record(draft);
    }

    @Override
    public String idempotencyKey() {
        return idempotencyKey;
    }
}
