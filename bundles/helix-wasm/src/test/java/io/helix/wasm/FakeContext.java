package io.helix.wasm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.ActionContext;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.AgentState;
import io.helix.api.agent.Credentials;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.HttpCaller;
import io.helix.api.agent.TransformContext;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A context that remembers what an agent did. */
final class FakeContext implements TransformContext<ObjectNode>, ActionContext<ObjectNode> {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    final List<EventDraft> emitted = new ArrayList<>();
    final Map<String, String> stored = new HashMap<>();
    private final ObjectNode config;

    FakeContext(String configJson) {
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
        return "acme";
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
        throw new UnsupportedOperationException();
    }

    @Override
    public AgentState state() {
        return new AgentState() {
            @Override
            public Optional<String> get(String key) {
                return Optional.ofNullable(stored.get(key));
            }

            @Override
            public void put(String key, String value) {
                stored.put(key, value);
            }

            @Override
            public boolean putIfAbsent(String key, String value) {
                return stored.putIfAbsent(key, value) == null;
            }

            @Override
            public void remove(String key) {
                stored.remove(key);
            }
        };
    }

    @Override
    public System.Logger log() {
        return System.getLogger("test");
    }

    @Override
    public InstantSource clock() {
        return InstantSource.fixed(NOW);
    }

    @Override
    public HttpCaller http() {
        return request -> {
            throw AgentException.permanent("the egress guard refuses " + request.uri());
        };
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
