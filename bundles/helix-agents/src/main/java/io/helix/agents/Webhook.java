package io.helix.agents;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.Source;
import io.helix.api.agent.SourceAgent;
import io.helix.api.agent.SourceContext;
import io.helix.api.agent.WebhookReceiver.Delivery;
import io.helix.api.agent.WebhookReceiver.Reply;
import io.helix.api.event.EventFormat;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns HTTP requests with JSON into events; answers 202 once the event is durable, so that a sender that saw another
 * answer can safely send again.
 *
 * <p>Repeated deliveries are recognized twice: the id of the delivery is the id of the event, so the mesh stores it once
 * within its window of minutes; and {@link DeliveryMemory} knows it for {@code dedupWindow}. The memory is written after
 * the event is durable: a crash in between leads to a repeated event, not to a lost one. When the state cannot be
 * reached the webhook goes on with the first protection alone.
 */
@SourceAgent(type = "webhook", description = "Turns HTTP requests with JSON into events.")
public final class Webhook implements Source<WebhookConfig> {
    private static final Pattern ID = Pattern.compile("[\\x21-\\x7e]{1,200}");
    private static final Pattern TYPE_PART = Pattern.compile("[A-Za-z0-9_-]{1,60}");
    private static final int MAX_SUBJECT = 1024;
    private static final String OPERATOR =
            "this webhook is not set up correctly; its operator finds the reason in the log";

    @Override
    public void start(SourceContext<WebhookConfig> context) {
        DeliveryMemory memory =
                new DeliveryMemory(context.state(), context.config().dedupWindow());
        WebhookSignature signature = WebhookSignature.of(context);
        context.onRequest(delivery -> receive(delivery, context, signature, memory));
    }

    private static Reply receive(
            Delivery delivery,
            SourceContext<WebhookConfig> context,
            @Nullable WebhookSignature signature,
            DeliveryMemory memory) {
        Reply refusal = refusal(delivery, context, signature);
        if (refusal != null) {
            return refusal;
        }
        try {
            return accept(delivery, EventFormat.parse(delivery.body()), context, memory);
        } catch (HelixException e) {
            return new Reply(400, e.message());
        }
    }

    private static @Nullable Reply refusal(
            Delivery delivery, SourceContext<WebhookConfig> context, @Nullable WebhookSignature signature) {
        WebhookConfig config = context.config();
        if (!config.methods().contains(delivery.method())) {
            return new Reply(405, "use " + String.join(" or ", config.methods()));
        }
        if (delivery.body().length > config.maxBytes()) {
            return new Reply(413, "the body is longer than " + config.maxBytes() + " bytes");
        }
        // Before anything is said about the content: who cannot sign learns nothing more.
        Reply unsigned = signature == null ? null : unsigned(delivery, context, signature);
        if (unsigned != null) {
            return unsigned;
        }
        return isJson(delivery) ? null : new Reply(415, "send JSON, with Content-Type: application/json");
    }

    private static @Nullable Reply unsigned(
            Delivery delivery, SourceContext<WebhookConfig> context, WebhookSignature signature) {
        try {
            String problem = signature.problem(delivery);
            return problem == null ? null : new Reply(401, problem);
        } catch (HelixException e) {
            context.log().log(System.Logger.Level.ERROR, () -> "cannot check a signature: " + e.message());
            return e.kind() == ErrorKind.UNAVAILABLE ? new Reply(503, "try again later") : new Reply(500, OPERATOR);
        } catch (IllegalStateException e) {
            context.log().log(System.Logger.Level.ERROR, () -> "cannot check a signature: " + e.getMessage());
            return new Reply(500, OPERATOR);
        }
    }

    private static boolean isJson(Delivery delivery) {
        String mediaType = HttpRequest.mediaType(delivery.header("content-type"));
        return mediaType.isEmpty() || mediaType.equals("application/json") || mediaType.endsWith("+json");
    }

    private static Reply accept(
            Delivery delivery, JsonNode body, SourceContext<WebhookConfig> context, DeliveryMemory memory) {
        if (body.isMissingNode()) {
            return new Reply(400, "the body is empty; send JSON");
        }
        String idHeader = context.config().idHeader();
        String id = idHeader.isEmpty() ? "" : delivery.header(idHeader);
        if (!idHeader.isEmpty() && !ID.matcher(id).matches()) {
            return new Reply(400, "header " + idHeader + " with an id of 1 to 200 visible characters is needed");
        }
        boolean remember = !id.isEmpty() && context.config().dedupWindow().isPositive();
        if (remember && known(id, context, memory)) {
            return new Reply(202, "received before");
        }
        Reply reply = emit(draft(id, delivery, body, context.config()), context);
        if (remember && reply.status() == 202) {
            remember(id, context, memory);
        }
        return reply;
    }

    private static boolean known(String id, SourceContext<WebhookConfig> context, DeliveryMemory memory) {
        try {
            return memory.knows(id, context.clock().instant());
        } catch (HelixException e) {
            context.log().log(System.Logger.Level.WARNING, () -> "cannot look up a delivery: " + e.message());
            return false;
        }
    }

    private static void remember(String id, SourceContext<WebhookConfig> context, DeliveryMemory memory) {
        try {
            memory.add(id, context.clock().instant());
        } catch (HelixException e) {
            // The event is durable; to refuse now would make the sender repeat it.
            context.log().log(System.Logger.Level.WARNING, () -> "cannot remember a delivery: " + e.message());
        }
    }

    private static EventDraft draft(String id, Delivery delivery, JsonNode body, WebhookConfig config) {
        EventDraft draft = EventDraft.of(type(delivery, body, config), body).withSubject(subject(body, config));
        return id.isEmpty() ? draft : draft.withId(id);
    }

    private static String type(Delivery delivery, JsonNode body, WebhookConfig config) {
        String configured = config.eventType();
        if (config.signature() != WebhookConfig.Signature.GITHUB) {
            return configured == null ? "webhook.received" : configured;
        }
        return (configured == null ? "github" : configured)
                + part(delivery.header("x-github-event"))
                + part(body.path("action").asText(""));
    }

    private static String part(String text) {
        return TYPE_PART.matcher(text).matches() ? "." + text : "";
    }

    private static @Nullable String subject(JsonNode body, WebhookConfig config) {
        String text = config.subject() == null ? "" : body.at(config.subject()).asText("");
        boolean usable =
                !text.isEmpty() && text.length() <= MAX_SUBJECT && text.chars().noneMatch(Character::isISOControl);
        return usable ? text : null;
    }

    private static Reply emit(EventDraft draft, SourceContext<WebhookConfig> context) {
        try {
            context.emit(draft).toCompletableFuture().join();
            return new Reply(202, "accepted");
        } catch (CompletionException e) {
            if (e.getCause() instanceof HelixException refused) {
                return refused(refused, context);
            }
            throw e;
        }
    }

    private static Reply refused(HelixException failure, SourceContext<WebhookConfig> context) {
        context.log().log(System.Logger.Level.WARNING, () -> "event not accepted: " + failure.message());
        return switch (failure.kind()) {
            case INVALID -> new Reply(400, failure.message());
            case UNAVAILABLE -> new Reply(503, "not accepting events right now; try again later");
            case FORBIDDEN, NOT_FOUND, CONFLICT -> new Reply(403, "this event is not accepted here");
            case INTERNAL -> new Reply(500, OPERATOR);
        };
    }
}
