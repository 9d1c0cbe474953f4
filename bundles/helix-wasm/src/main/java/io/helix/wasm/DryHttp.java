package io.helix.wasm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.HttpCaller;
import io.helix.api.event.EventFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Sends nothing, answers what was prepared, and remembers what was asked. */
final class DryHttp implements HttpCaller {
    private static final int MOST_REQUESTS = 100;
    private static final int MOST_BYTES = 1024 * 1024;

    private final TrialWorld world;
    private final TrialSecrets secrets;
    private final List<ObjectNode> requests = new ArrayList<>();
    private int bytes;

    DryHttp(TrialWorld world, TrialSecrets secrets) {
        this.world = world;
        this.secrets = secrets;
    }

    /** Each with its answer, or why there was none. */
    List<ObjectNode> requests() {
        return List.copyOf(requests);
    }

    @Override
    public Response call(Request request) throws AgentException {
        bytes += request.body().length;
        if (requests.size() == MOST_REQUESTS || bytes > MOST_BYTES) {
            throw AgentException.retryable(
                    "a trial run takes at most " + MOST_REQUESTS + " requests of together " + MOST_BYTES + " bytes");
        }
        ObjectNode shown = shown(request);
        requests.add(shown);
        try {
            Response answer = answer(request);
            shown.put("status", answer.status());
            return answer;
        } catch (AgentException e) {
            shown.put("failure", e.getMessage());
            throw e;
        }
    }

    private Response answer(Request request) throws AgentException {
        Response answer = world.answer(request.method().toUpperCase(Locale.ROOT) + " " + request.uri());
        if (answer.body().length > request.maxResponseBytes()) {
            String reason = "the answer is longer than " + request.maxResponseBytes() + " bytes";
            throw AgentException.permanent(reason, new AnswerTooLong(reason));
        }
        return answer;
    }

    private ObjectNode shown(Request request) {
        ObjectNode shown = EventFormat.json()
                .createObjectNode()
                .put("method", request.method())
                .put("url", request.uri().toString());
        ObjectNode headers = shown.putObject("headers");
        request.headers().forEach((name, value) -> headers.put(name, secrets.hiddenInHeader(value)));
        if (request.body().length > 0) {
            ShownBytes.put(shown, "body", secrets.hidden(request.body()));
        }
        return shown;
    }
}
