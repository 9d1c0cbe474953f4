package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.Source;
import io.helix.api.agent.SourceContext;
import io.helix.api.agent.WebhookReceiver.Delivery;
import io.helix.api.agent.WebhookReceiver.Reply;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A source whose behaviour is in a module: woken at its start, on a schedule and by HTTP requests. */
final class WasmSource implements Source<ObjectNode> {
    private static final Duration DURABLE_WITHIN = Duration.ofSeconds(60);
    private static final int ACCEPTED = 202;

    private final WasmHandler handler;

    WasmSource(WasmHandler handler) {
        this.handler = handler;
    }

    @Override
    public void start(SourceContext<ObjectNode> context) throws AgentException {
        Duration every = interval(context.config());
        if (handler.handler().takesRequests()) {
            context.onRequest(delivery -> receive(delivery, context));
        }
        if (every != null) {
            context.schedule(context.clock().instant(), () -> wake("start", context));
            context.scheduleRepeatedly(every, () -> wake("schedule", context));
        }
    }

    private @Nullable Duration interval(ObjectNode config) {
        Duration wake = handler.handler().wake();
        return wake == null || !config.hasNonNull("every")
                ? wake
                : ManifestReader.interval(config.path("every").asText());
    }

    /** What a wake-up fails with is for the supervisor: it shows the reason, and starts the source again later. */
    private void wake(String reason, SourceContext<ObjectNode> context) {
        try {
            call("helix.wake", EventFormat.json().createObjectNode().put("reason", reason), context);
        } catch (AgentException e) {
            throw new WakeUpFailure(e);
        }
    }

    private Reply receive(Delivery delivery, SourceContext<ObjectNode> context) throws AgentException {
        HostCalls calls;
        try {
            calls = call("helix.request", request(delivery), context);
        } catch (AgentException e) {
            return new Reply(e.isRetryable() ? 503 : 400, String.valueOf(e.getMessage()));
        }
        return reply(calls.output());
    }

    private Reply reply(byte[] output) throws AgentException {
        if (output.length == 0) {
            return new Reply(ACCEPTED, "");
        }
        try {
            JsonNode node = handler.terms().encoding().read(output);
            int status = node.path("status").asInt(ACCEPTED);
            if (status < 200 || status > 599) {
                throw HelixException.invalid("status " + status + " is not within 200 and 599");
            }
            return new Reply(status, node.path("detail").asText(""));
        } catch (HelixException e) {
            throw AgentException.permanent(
                    handler.handler().type() + " gave a reply that is not valid: " + ShownText.of(e.message()));
        }
    }

    private static ObjectNode request(Delivery delivery) {
        ObjectNode data = EventFormat.json().createObjectNode().put("method", delivery.method());
        data.set("query", lists(delivery.query()));
        data.set("headers", lists(delivery.headers()));
        data.put("remoteAddress", delivery.remoteAddress());
        try {
            data.put("body", Transfer.utf8(delivery.body()));
        } catch (HostRefusal binary) {
            data.put("body64", delivery.body());
        }
        return data;
    }

    private static ObjectNode lists(Map<String, List<String>> values) {
        ObjectNode node = EventFormat.json().createObjectNode();
        values.forEach((name, list) -> list.forEach(node.withArrayProperty(name)::add));
        return node;
    }

    private HostCalls call(String type, ObjectNode data, SourceContext<ObjectNode> context) throws AgentException {
        Event input = new Event(
                UUID.randomUUID().toString(),
                "/agents/" + context.profile() + "/" + context.agent(),
                type,
                null,
                context.clock().instant(),
                Map.of(),
                data);
        HostCalls calls = handler.handle(input, context);
        publish(calls.events(), context);
        // Only now: a source that remembers what it has emitted must not remember what was lost.
        calls.keep();
        return calls;
    }

    /** Waits until all are durable: only then may the guest's caller be told that it went well. */
    private static void publish(List<EventDraft> drafts, SourceContext<ObjectNode> context) throws AgentException {
        CompletableFuture<?>[] publications = drafts.stream()
                .map(draft -> context.emit(draft).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(publications).get(DURABLE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw AgentException.retryable("was stopped while its events were being published", e);
        } catch (TimeoutException e) {
            throw AgentException.retryable(
                    "its events were not durable within " + DURABLE_WITHIN.toSeconds() + " s", e);
        } catch (ExecutionException | CompletionException e) {
            throw failed(e.getCause() == null ? e : e.getCause());
        }
    }

    private static AgentException failed(Throwable cause) {
        return cause instanceof HelixException known && !known.kind().retryable()
                ? AgentException.permanent("its events cannot be published: " + known.message(), known)
                : AgentException.retryable("its events cannot be published: " + cause.getMessage(), cause);
    }

    /** Carries the failure of a scheduled call to whoever runs the schedule. */
    private static final class WakeUpFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WakeUpFailure(AgentException cause) {
            super(cause.getMessage(), cause);
        }

        @Override
        public String toString() {
            return String.valueOf(getMessage());
        }
    }
}
