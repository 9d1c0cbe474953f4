package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.HttpCaller;
import io.helix.api.event.EventFormat;
import io.helix.wasm.HostRefusal.Code;
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
    private final GuestCredentials credentials;
    private final Terms terms;

    GuestHttp(HttpCaller http, GuestCredentials credentials, Terms terms) {
        this.http = http;
        this.credentials = credentials;
        this.terms = terms;
    }

    byte[] request(byte[] json) throws HostRefusal {
        JsonNode node = read(json);
        HttpCaller.Request request = parse(node);
        String host = String.valueOf(request.uri().getHost());
        if (!terms.capabilities().mayCall(host)) {
            throw HostRefusal.notAsked("callHttp", "HttpHost", host, "http to " + host);
        }
        try {
            return EventFormat.bytes(toJson(http.call(withCredential(request, node.path("credential")))));
        } catch (AgentException e) {
            throw refusal(e);
        }
    }

    private static HostRefusal refusal(AgentException e) {
        String reason = String.valueOf(e.getMessage());
        if (e.isRetryable()) {
            return new HostRefusal(Code.UNAVAILABLE, reason);
        }
        return switch (e.getCause()) {
            case HttpCaller.AnswerTooLong tooLong -> HostRefusal.over(Bound.HTTP_ANSWER, reason);
            case IllegalArgumentException notARequest -> new HostRefusal(Code.INVALID, reason);
            case null, default -> new HostRefusal(Code.DENIED, reason);
        };
    }

    private static JsonNode read(byte[] json) throws HostRefusal {
        try {
            JsonNode node = EventFormat.parse(json);
            if (!node.isObject()) {
                throw HelixException.invalid("it must be a JSON object");
            }
            return node;
        } catch (HelixException e) {
            throw new HostRefusal(Code.INVALID, "the request is not valid: " + e.message());
        }
    }

    /** Only after the host is known to be allowed: what is refused must not count as a use of the credential. */
    private HttpCaller.Request withCredential(HttpCaller.Request request, JsonNode wanted) throws HostRefusal {
        if (wanted.isMissingNode() || wanted.isNull()) {
            return request;
        }
        Map<String, String> headers = new LinkedHashMap<>(request.headers());
        credentials.addTo(headers, wanted);
        return new HttpCaller.Request(
                request.method(),
                request.uri(),
                headers,
                request.body(),
                request.timeout(),
                request.followRedirects(),
                request.maxResponseBytes());
    }

    private HttpCaller.Request parse(JsonNode node) throws HostRefusal {
        try {
            Map<String, String> headers = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> header : node.path("headers").properties()) {
                headers.put(header.getKey(), header.getValue().asText());
            }
            int longest =
                    (int) Math.min(MAX_TIMEOUT_MS, terms.limits().timeout().toMillis());
            int timeout = Math.clamp(node.path("timeoutMs").asInt(longest), 1, longest);
            // Not followed: a redirect could lead to a host that the manifest does not name.
            return new HttpCaller.Request(
                    node.path("method").asText("GET"),
                    target(node.path("url").asText()),
                    headers,
                    body(node),
                    Duration.ofMillis(timeout),
                    false,
                    MAX_RESPONSE);
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new HostRefusal(Code.INVALID, "the request is not valid: " + e.getMessage());
        }
    }

    private static URI target(String url) throws URISyntaxException {
        URI uri = new URI(url);
        String scheme = String.valueOf(uri.getScheme());
        if (uri.getHost() == null || !(scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("http"))) {
            throw new URISyntaxException(url, "not an http or https URL with a host");
        }
        return uri;
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
            node.put("body", Transfer.utf8(response.body()));
        } catch (HostRefusal binary) {
            node.put("body64", response.body());
        }
        return node;
    }
}
