package io.helix.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The REST API of one profile, as a test speaks to it. */
final class Api {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HelixServer helix;
    private final String base;

    Api(HelixServer helix, String profile) {
        this.helix = helix;
        this.base = "/api/v1/profiles/" + profile;
    }

    void apply(String yaml) {
        HttpResponse<String> answer = helix.post(base + "/apply", "application/yaml", yaml);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    HttpResponse<String> post(String path, String type, String body) {
        return helix.post(base + path, type, body);
    }

    int delete(String path) {
        return helix.send(helix.request(base + path).DELETE()).statusCode();
    }

    /** One try; the status. */
    int publish(String id, String type, String data) {
        return helix.send(helix.request(base + "/events")
                        .header("Content-Type", "application/json")
                        .header("ce-specversion", "1.0")
                        .header("ce-id", id)
                        .header("ce-source", "/itest")
                        .header("ce-type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(data)))
                .statusCode();
    }

    JsonNode get(String path) {
        HttpResponse<String> answer = helix.get(base + path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return parse(answer.body());
    }

    List<JsonNode> runs(String query) {
        List<JsonNode> runs = new ArrayList<>();
        String cursor = null;
        do {
            JsonNode page = get("/runs?limit=500&" + query
                    + (cursor == null ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8)));
            page.path("items").forEach(runs::add);
            cursor = page.hasNonNull("next") ? page.get("next").asText() : null;
        } while (cursor != null);
        return runs;
    }

    boolean deployed(String type) {
        return get("/agent-types").toString().contains("\"" + type + "\"");
    }

    String agentState(String name) {
        for (JsonNode agent : get("/agents/status").path("items")) {
            if (agent.path("name").asText().equals(name)) {
                return agent.path("state").asText();
            }
        }
        return "";
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (java.io.IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
