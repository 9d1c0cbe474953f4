package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.HttpCaller;
import io.helix.api.event.EventFormat;
import io.helix.wasm.HostRefusal.Code;
import io.helix.wasm.Manifest.Capabilities;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** HTTP for guests: to the hosts their manifest names, and then only as far as the caller behind it permits. */
final class GuestHttp {
    private static final int MAX_RESPONSE = 1024 * 1024;
    private static final int MAX_TIMEOUT_MS = 10_000;

    private final HttpCaller http;
    private final Capabilities capabilities;

    GuestHttp(HttpCaller http, Capabilities capabilities) {
        this.http = http;
        this.capabilities = capabilities;
    }

    byte[] request(byte[] json) throws HostRefusal {
        HttpCaller.Request request = parse(json);
        String host = String.valueOf(request.uri().getHost());
        if (!capabilities.mayCall(host)) {
            throw new HostRefusal(
                    Code.DENIED, "the manifest of the plugin does not ask for capability http to " + host);
        }
        try {
            return EventFormat.bytes(toJson(http.call(request)));
        } catch (AgentException e) {
            throw new HostRefusal(e.isRetryable() ? Code.UNAVAILABLE : Code.DENIED, String.valueOf(e.getMessage()));
        }
    }

    private static HttpCaller.Request parse(byte[] json) throws HostRefusal {
        try {
            JsonNode node = EventFormat.parse(json);
            Map<String, String> headers = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> header : node.path("headers").properties()) {
                headers.put(header.getKey(), header.getValue().asText());
            }
            int timeout = Math.clamp(node.path("timeoutMs").asInt(MAX_TIMEOUT_MS), 1, MAX_TIMEOUT_MS);
            // Not followed: a redirect could lead to a host that the manifest does not name.
            return new HttpCaller.Request(
                    node.path("method").asText("GET"),
                    new URI(node.path("url").asText()),
                    headers,
                    body(node),
                    Duration.ofMillis(timeout),
                    false,
                    MAX_RESPONSE);
        } catch (HelixException e) {
            throw new HostRefusal(Code.INVALID, "the request is not valid: " + e.message());
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new HostRefusal(Code.INVALID, "the request is not valid: " + e.getMessage());
        }
    }

    private static byte[] body(JsonNode node) {
        return node.has("body64")
                ? Base64.getDecoder().decode(node.path("body64").asText())
                : node.path("body").asText("").getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode toJson(HttpCaller.Response response) {
        ObjectNode node = EventFormat.json().createObjectNode().put("status", response.status());
        ObjectNode headers = node.putObject("headers");
        response.headers().forEach((name, values) -> headers.put(name, String.join(", ", values)));
        try {
            node.put("body", HostCalls.utf8(response.body()));
        } catch (HostRefusal binary) {
            node.put("body64", response.body());
        }
        return node;
    }
}
