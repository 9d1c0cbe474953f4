package io.helix.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The REST API of the profile "default". */
final class HelixApi implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ACCEPTED = 202;
    private static final int UNKNOWN = 404;
    private static final int AWAY = 503;
    private static final int PAGE = 500;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI profile;
    private final String key;

    HelixApi(URI base, String key) {
        this.profile = base.resolve("profiles/default/");
        this.key = key;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(profile.resolve(path)).timeout(PATIENCE).header("Authorization", "Bearer " + key);
    }

    void apply(String yaml) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                request("apply")
                        .header("Content-Type", "application/yaml")
                        .POST(BodyPublishers.ofString(yaml))
                        .build(),
                BodyHandlers.ofString());
        requireStatus(200, answer);
    }

    /** Publishes events; returns those that the server was too busy to take. */
    List<ObjectNode> publish(List<ObjectNode> events) throws IOException, InterruptedException {
        ArrayNode batch = JSON.createArrayNode().addAll(events);
        HttpResponse<String> answer = http.send(
                request("events")
                        .header("Content-Type", "application/cloudevents-batch+json")
                        .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(batch)))
                        .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() == AWAY) {
            return events;
        }
        requireStatus(ACCEPTED, answer);
        JsonNode outcomes = JSON.readTree(answer.body());
        List<ObjectNode> refused = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            JsonNode outcome = outcomes.get(i);
            if (outcome.path("status").asInt() == AWAY) {
                refused.add(events.get(i));
            } else if (!outcome.has("sequence")) {
                throw new IllegalStateException("an event was refused: " + outcome);
            }
        }
        return refused;
    }

    /** Publishes one event with its attributes in headers; does not wait. */
    CompletableFuture<HttpResponse<String>> publishBinary(ObjectNode event) {
        HttpRequest.Builder request = request("events").header("Content-Type", "application/json");
        event.properties().stream()
                .filter(entry -> entry.getValue().isTextual())
                .forEach(entry ->
                        request.header("ce-" + entry.getKey(), entry.getValue().asText()));
        return http.sendAsync(
                        request.POST(BodyPublishers.ofString(event.get("data").toString()))
                                .build(),
                        BodyHandlers.ofString())
                .thenApply(answer -> requireStatus(ACCEPTED, answer));
    }

    /** The newest of the runs that {@code query} selects, about {@code most}, with their steps. */
    List<JsonNode> runs(String query, int most) throws IOException, InterruptedException {
        List<JsonNode> runs = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = page(query, Math.min(PAGE, most), cursor);
            page.path("items").forEach(runs::add);
            cursor = page.path("next").asText("");
        } while (!cursor.isEmpty() && runs.size() < most);
        return runs;
    }

    /** All runs that {@code query} selects, of which there may be more than can be kept. */
    void eachRun(String query, Consumer<JsonNode> seen) throws IOException, InterruptedException {
        String cursor = "";
        do {
            JsonNode page = page(query, PAGE, cursor);
            page.path("items").forEach(seen);
            cursor = page.path("next").asText("");
        } while (!cursor.isEmpty());
    }

    private JsonNode page(String query, int limit, String cursor) throws IOException, InterruptedException {
        String from = cursor.isEmpty() ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
        return get("runs?limit=" + limit + "&" + query + from);
    }

    /** What is known of a plugin; MissingNode when there is none of that name. */
    JsonNode plugin(String name) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request("../../plugins/" + name).build(), BodyHandlers.ofString());
        return answer.statusCode() == UNKNOWN
                ? MissingNode.getInstance()
                : JSON.readTree(requireStatus(200, answer).body());
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request(path).build(), BodyHandlers.ofString());
        return JSON.readTree(requireStatus(200, answer).body());
    }

    private static HttpResponse<String> requireStatus(int status, HttpResponse<String> answer) {
        if (answer.statusCode() != status) {
            throw new IllegalStateException(
                    answer.request().uri().getPath() + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
