package io.helix.wasm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.ActionContext;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.AgentFacts;
import io.helix.api.agent.AgentState;
import io.helix.api.agent.Credentials;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.HttpCaller;
import io.helix.api.agent.TransformContext;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.sdk.testing.agent.ManualClock;
import io.helix.sdk.testing.agent.MapCredentials;
import io.helix.sdk.testing.agent.MapState;
import io.helix.sdk.testing.agent.RecordedLog;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A context that remembers what an agent did. */
class FakeContext implements TransformContext<ObjectNode>, ActionContext<ObjectNode> {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    final List<EventDraft> emitted = new ArrayList<>();
    final ManualClock time = new ManualClock();
    final MapState stored = new MapState(time);
    final MapCredentials credentials = new MapCredentials();
    final RecordedLog log = new RecordedLog();
    /** The types that no policy lets the agent publish. */
    final Set<String> forbidden = new HashSet<>();

    final List<String> refusals = new ArrayList<>();
    String profile = "acme";

    /** What the agent sees as its state. */
    AgentState state = stored;

    /** What it sees as its credentials. */
    Credentials vault = credentials;

    /** Answers all calls; until a test sets it, as the egress guard does. */
    HttpCaller http = request -> {
        throw AgentException.permanent("the egress guard refuses " + request.uri());
    };

    private final ObjectNode config;

    FakeContext(String configJson) {
        time.set(NOW);
        config = (ObjectNode) EventFormat.parse(configJson.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    static Event event(String dataJson) {
        return new Event(
                "1",
                "test",
                "test.happened",
                null,
                NOW,
                Map.of(),
                EventFormat.parse(dataJson.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @Override
    public String profile() {
        return profile;
    }

    @Override
    public String agent() {
        return "under-test";
    }

    @Override
    public ObjectNode config() {
        return config;
    }

    @Override
    public Credentials credentials() {
        return vault;
    }

    @Override
    public AgentState state() {
        return state;
    }

    @Override
    public AgentFacts facts() {
        throw new UnsupportedOperationException("plugins set no facts");
    }

    @Override
    public System.Logger log() {
        return log;
    }

    @Override
    public InstantSource clock() {
        return time;
    }

    @Override
    public HttpCaller http() {
        return http;
    }

    @Override
    public void requireEmit(String type, int bytes) {
        if (forbidden.contains(type)) {
            throw HelixException.forbidden("policy forbids to publish " + type);
        }
    }

    @Override
    public void refused(String action, String resourceType, String name, String reason) {
        refusals.add(action + " " + resourceType + "::" + name);
    }

    @Override
    public boolean cancelled() {
        return false;
    }

    @Override
    public void emit(EventDraft draft) {
        emitted.add(draft);
    }

    @Override
    public String idempotencyKey() {
        return "key";
    }
}
