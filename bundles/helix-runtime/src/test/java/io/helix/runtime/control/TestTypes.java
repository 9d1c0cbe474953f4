package io.helix.runtime.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.Action;
import io.helix.api.agent.ActionContext;
import io.helix.api.agent.Agent;
import io.helix.api.agent.AgentDescriptor;
import io.helix.api.agent.AgentKind;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.Source;
import io.helix.api.agent.SourceContext;
import io.helix.api.agent.TransformContext;
import io.helix.api.agent.Transformer;
import io.helix.api.agent.WebhookReceiver;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import java.util.function.Supplier;

/** Agent types for tests. */
final class TestTypes {
    private static final JsonNode ANY = EventFormat.json().createObjectNode().put("type", "object");

    private TestTypes() {}

    /** What an action does. */
    interface Effect {
        JsonNode perform(Event event, ActionContext<ObjectNode> context) throws Exception;
    }

    /** What a transformer does. */
    interface Change {
        void transform(Event event, TransformContext<ObjectNode> context) throws Exception;
    }

    static AgentType action(String type, Effect effect) {
        return type(type, AgentKind.ACTION, ANY, () -> new Action<ObjectNode>() {
            @Override
            public JsonNode perform(Event event, ActionContext<ObjectNode> context) throws Exception {
                return effect.perform(event, context);
            }
        });
    }

    static AgentType transformer(String type, Change change) {
        return type(type, AgentKind.TRANSFORMER, ANY, () -> new Transformer<ObjectNode>() {
            @Override
            public void transform(Event event, TransformContext<ObjectNode> context) throws Exception {
                change.transform(event, context);
            }
        });
    }

    /** A source that emits the body of each request. */
    static AgentType hook(String type) {
        return type(type, AgentKind.SOURCE, ANY, () -> new Source<ObjectNode>() {
            @Override
            public void start(SourceContext<ObjectNode> context) {
                context.onRequest(delivery -> {
                    context.emit(EventDraft.of("hook.received", EventFormat.parse(delivery.body())))
                            .toCompletableFuture()
                            .join();
                    return new WebhookReceiver.Reply(202, "");
                });
            }
        });
    }

    static AgentType failingSource(String type, RuntimeException failure) {
        return type(type, AgentKind.SOURCE, ANY, () -> new Source<ObjectNode>() {
            @Override
            public void start(SourceContext<ObjectNode> context) {
                throw failure;
            }
        });
    }

    static AgentType withSchema(String type, JsonNode schema) {
        return type(type, AgentKind.ACTION, schema, () -> new Action<ObjectNode>() {
            @Override
            public JsonNode perform(Event event, ActionContext<ObjectNode> context) {
                return context.config();
            }
        });
    }

    private static AgentType type(String type, AgentKind kind, JsonNode schema, Supplier<Agent<ObjectNode>> maker) {
        AgentDescriptor descriptor = new AgentDescriptor(type, "1.0.0", kind, "for tests", schema);
        return new AgentType() {
            @Override
            public AgentDescriptor descriptor() {
                return descriptor;
            }

            @Override
            public Agent<?> create() {
                return maker.get();
            }

            @Override
            public Object config(ObjectNode json) {
                return json;
            }
        };
    }
}
