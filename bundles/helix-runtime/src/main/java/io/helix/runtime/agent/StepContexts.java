package io.helix.runtime.agent;

import io.helix.api.HelixException;
import io.helix.api.agent.ActionContext;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.TransformContext;
import io.helix.runtime.access.Gate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Makes the contexts for one call of a transformer or an action, and keeps what it emits. */
public final class StepContexts {
    private static final int MAX_EMITTED = 1_000;

    private final BaseContext base;
    private final String idempotencyKey;
    private final List<EventDraft> emitted = new ArrayList<>();

    public StepContexts(
            AgentServices services,
            String profile,
            String agent,
            Object configuration,
            Gate.Principal principal,
            String eventId,
            String idempotencyKey,
            Emission emission,
            BooleanSupplier cancelled) {
        this.base = new BaseContext(services, profile, agent, configuration, principal, eventId, emission, cancelled);
        this.idempotencyKey = idempotencyKey;
    }

    public synchronized List<EventDraft> emitted() {
        return List.copyOf(emitted);
    }

    private synchronized void add(EventDraft draft) {
        if (emitted.size() >= MAX_EMITTED) {
            throw HelixException.invalid("one call may emit " + MAX_EMITTED + " events");
        }
        emitted.add(draft);
    }

    public <C> TransformContext<C> transform() {
        return new Transform<>(this);
    }

    public <C> ActionContext<C> action() {
        return new Perform<>(this);
    }

    private static final class Transform<C> extends BaseContext.Common<C> implements TransformContext<C> {
        private final StepContexts step;

        Transform(StepContexts step) {
            super(step.base);
            this.step = step;
        }

        @Override
        public void emit(EventDraft draft) {
            step.add(draft);
        }
    }

    private static final class Perform<C> extends BaseContext.Common<C> implements ActionContext<C> {
        private final StepContexts step;

        Perform(StepContexts step) {
            super(step.base);
            this.step = step;
        }

        @Override
        public void emit(EventDraft draft) {
            step.add(draft);
        }

        @Override
        public String idempotencyKey() {
            return step.idempotencyKey;
        }
    }
}
