package io.helix.sdk.testing.agent;

import io.helix.api.agent.AgentException;
import io.helix.api.agent.HttpCaller;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers calls in the order of the script and keeps the requests. A call beyond the script is an error of the test. */
public final class ScriptedHttp implements HttpCaller {
    private final Queue<Object> script = new ArrayDeque<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    public ScriptedHttp answer(int status, Map<String, List<String>> headers, byte[] body) {
        script.add(new Response(status, headers, body));
        return this;
    }

    public ScriptedHttp answerJson(int status, String json) {
        return answer(
                status, Map.of("content-type", List.of("application/json")), json.getBytes(StandardCharsets.UTF_8));
    }

    public ScriptedHttp answerText(int status, String text) {
        return answer(status, Map.of("content-type", List.of("text/plain")), text.getBytes(StandardCharsets.UTF_8));
    }

    public ScriptedHttp fail(AgentException failure) {
        script.add(failure);
        return this;
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    public Request lastRequest() {
        return requests.get(requests.size() - 1);
    }

    @Override
    public synchronized Response call(Request request) throws AgentException {
        requests.add(request);
        Object next = script.poll();
        if (next instanceof AgentException failure) {
            throw failure;
        }
        if (next instanceof Response response) {
            return response;
        }
        throw new IllegalStateException("the test has no answer for " + request.method() + " " + request.uri());
    }
}
