package io.helix.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.control.ControlPlane;
import io.helix.api.control.ControlPlane.Published;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes events in all modes of the CloudEvents HTTP binding; 202 says that the event is durable. */
final class EventIngest {
    private static final int MAX_BATCH = 1_000;

    private final ControlPlane control;
    private final InstantSource clock;

    EventIngest(ControlPlane control, InstantSource clock) {
        this.control = control;
        this.clock = clock;
    }

    Answer publish(Call call) throws IOException {
        if (!control.accepting()) {
            throw HelixException.unavailable("too many events are in flight; send this one again later");
        }
        Instant received = clock.instant();
        String type = call.mediaType();
        byte[] body = call.body(EventFormat.MAX_BYTES);
        if (type.equals(MediaTypes.EVENTS)) {
            return batch(call, EventFormat.parse(body), received);
        }
        if (type.equals(MediaTypes.EVENT)) {
            return single(call, EventFormat.fromJson(EventFormat.parse(body), received));
        }
        if (EventBinding.binary(call.request())) {
            return single(call, EventBinding.read(call.request(), type, body, received));
        }
        throw new HttpFailure(
                415,
                "this is no CloudEvent: send ce- headers, or Content-Type " + MediaTypes.EVENT + " or "
                        + MediaTypes.EVENTS);
    }

    private Answer single(Call call, Event event) {
        return new Answer.Later(control.publish(call.caller(), call.profile(), event)
                .thenApply(published -> new Answer.Value(202, published, Map.of())));
    }

    private Answer batch(Call call, JsonNode events, Instant received) {
        if (!events.isArray()) {
            throw HelixException.invalid("a batch must be a JSON array of events");
        }
        if (events.size() > MAX_BATCH) {
            throw new HttpFailure(413, "a batch holds at most " + MAX_BATCH + " events, not " + events.size());
        }
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>(events.size());
        for (JsonNode event : events) {
            outcomes.add(publish(call, event, received)
                    .handle((published, failure) -> failure == null
                            ? new Outcome.Taken(published)
                            : new Outcome.Refused(Failures.unwrap(failure)))
                    .<Outcome>thenApply(outcome -> outcome)
                    .toCompletableFuture());
        }
        return new Answer.Later(CompletableFuture.allOf(outcomes.toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> report(
                        call, outcomes.stream().map(CompletableFuture::join).toList())));
    }

    private CompletionStage<Published> publish(Call call, JsonNode event, Instant received) {
        try {
            return control.publish(call.caller(), call.profile(), EventFormat.fromJson(event, received));
        } catch (HelixException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** What became of one event of a batch. */
    private sealed interface Outcome {
        record Taken(Published published) implements Outcome {}

        record Refused(Throwable failure) implements Outcome {}

        default boolean away() {
            return this instanceof Refused refused
                    && refused.failure() instanceof HelixException helix
                    && helix.kind() == ErrorKind.UNAVAILABLE;
        }
    }

    private static Answer report(Call call, List<Outcome> outcomes) {
        if (!outcomes.isEmpty() && outcomes.stream().allMatch(Outcome::away)) {
            throw HelixException.unavailable("none of the " + outcomes.size() + " events was taken; send them again");
        }
        ArrayNode list = EventFormat.json().createArrayNode();
        outcomes.forEach(outcome -> list.add(entry(call, outcome)));
        return new Answer.Value(202, list, Map.of());
    }

    private static ObjectNode entry(Call call, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Taken(Published published) ->
                EventFormat.json()
                        .createObjectNode()
                        .put("id", published.id())
                        .put("sequence", published.sequence())
                        .put("duplicate", published.duplicate());
            case Outcome.Refused(Throwable failure) ->
                Failures.translate(failure, call.request()).problem();
        };
    }
}
