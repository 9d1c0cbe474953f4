package io.helix.sdk.testing.agent;

import io.helix.api.HelixException;
import io.helix.api.agent.AgentContext;
import io.helix.api.agent.EventDraft;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the contexts of the three kinds have in common. */
public abstract sealed class TestContext<C> implements AgentContext<C>
        permits TestSourceContext, TestTransformContext, TestActionContext {
    private final C config;
    private final AgentWorld world;
    private final List<EventDraft> emitted = new CopyOnWriteArrayList<>();
    private final Set<String> forbidden = ConcurrentHashMap.newKeySet();
    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private volatile boolean cancelled;

    TestContext(C config, AgentWorld world) {
        this.config = config;
        this.world = world;
    }

    @Override
    public String profile() {
        return "test";
    }

    @Override
    public String agent() {
        return "agent-under-test";
    }

    @Override
    public C config() {
        return config;
    }

    @Override
    public MapCredentials credentials() {
        return world.credentials();
    }

    @Override
    public MapState state() {
        return world.state();
    }

    @Override
    public MapFacts facts() {
        return world.facts();
    }

    @Override
    public RecordedLog log() {
        return world.log();
    }

    @Override
    public ManualClock clock() {
        return world.clock();
    }

    @Override
    public ScriptedHttp http() {
        return world.http();
    }

    @Override
    public boolean cancelled() {
        return cancelled;
    }

    @Override
    public void requireEmit(String type, int bytes) {
        if (forbidden.contains(type)) {
            refused("publishEvent", "EventType", type, "forbidden by the test");
            throw HelixException.forbidden(agent() + " may not publish " + type);
        }
    }

    @Override
    public void refused(String action, String resourceType, String name, String reason) {
        refusals.add(action + " " + resourceType + "::" + name);
    }

    /** From now on the policies forbid the agent to publish events of this type. */
    public void forbidEmit(String type) {
        forbidden.add(type);
    }

    /** What was refused so far, for example {@code callHttp HttpHost::example.com}. */
    public List<String> refusals() {
        return List.copyOf(refusals);
    }

    /** Tells the agent that its result is no longer wanted. */
    public void cancel() {
        cancelled = true;
    }

    /** What the agent has emitted so far, in order; an id that comes twice is in here twice. */
    public List<EventDraft> emitted() {
        return List.copyOf(emitted);
    }

    void record(EventDraft draft) {
        emitted.add(draft);
    }
}
