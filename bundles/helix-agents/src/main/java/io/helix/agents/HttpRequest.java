package io.helix.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.Action;
import io.helix.api.agent.ActionAgent;
import io.helix.api.agent.ActionContext;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.HttpCaller;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Calls an HTTP server and gives its answer as the output of the step. */
@ActionAgent(type = "http.request", description = "Calls an HTTP server.")
public final class HttpRequest implements Action<HttpRequestConfig> {
    // What later steps have a use for. Others, Set-Cookie first, may hold secrets.
    private static final List<String> HEADERS = List.of(
            "content-type",
            "content-length",
            "content-language",
            "date",
            "etag",
            "last-modified",
            "link",
            "location",
            "retry-after",
            "x-request-id");
    private static final Duration MAX_RETRY_AFTER = Duration.ofDays(1);

    @Override
    public JsonNode perform(Event event, ActionContext<HttpRequestConfig> context) throws AgentException {
        HttpRequestConfig config = context.config();
        Redaction redaction = new Redaction();
        HttpCaller.Response response = context.http().call(request(context, redaction));
        if (!config.success(response.status())) {
            throw failure(context, response, redaction);
        }
        return output(response, redaction);
    }

    private static HttpCaller.Request request(ActionContext<HttpRequestConfig> context, Redaction redaction)
            throws AgentException {
        HttpRequestConfig config = context.config();
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Idempotency-Key", context.idempotencyKey());
        headers.put("Accept", "application/json, */*;q=0.5");
        byte[] body = body(config.body(), headers);
        headers.putAll(config.headers());
        if (config.auth() != null) {
            authenticate(config.auth(), context, headers, redaction);
        }
        return new HttpCaller.Request(
                config.method(),
                config.uri(),
                headers,
                body,
                config.timeout(),
                config.followRedirects(),
                config.maxResponseBytes());
    }

    private static byte[] body(@Nullable JsonNode body, Map<String, String> headers) {
        if (body == null) {
            return new byte[0];
        }
        if (body.isTextual()) {
            headers.put("Content-Type", "text/plain; charset=utf-8");
            return body.textValue().getBytes(StandardCharsets.UTF_8);
        }
        headers.put("Content-Type", "application/json");
        return EventFormat.bytes(body);
    }

    private static void authenticate(
            HttpRequestConfig.Auth auth,
            ActionContext<HttpRequestConfig> context,
            Map<String, String> headers,
            Redaction redaction)
            throws AgentException {
        String secret = secret(auth.credential(), context);
        redaction.add(secret);
        switch (auth.scheme()) {
            case BEARER -> headers.put("Authorization", "Bearer " + secret);
            case BASIC -> {
                String encoded = Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
                redaction.add(encoded);
                redaction.add(secret.substring(secret.indexOf(':') + 1));
                headers.put("Authorization", "Basic " + encoded);
            }
            case HEADER -> headers.put(auth.header(), secret);
        }
    }

    private static String secret(String name, ActionContext<HttpRequestConfig> context) throws AgentException {
        try {
            String secret = context.credentials()
                    .use(name, "http-authentication", clear -> new String(clear, StandardCharsets.UTF_8));
            if (secret.isEmpty() || secret.chars().anyMatch(Character::isISOControl)) {
                throw AgentException.permanent("credential '" + name + "' is empty or holds a line break");
            }
            return secret;
        } catch (HelixException e) {
            throw e.kind().retryable()
                    ? AgentException.retryable(e.message(), e)
                    : AgentException.permanent(e.message(), e);
        }
    }

    private static AgentException failure(
            ActionContext<HttpRequestConfig> context, HttpCaller.Response response, Redaction redaction) {
        HttpRequestConfig config = context.config();
        String message = config.method() + " " + withoutQuery(config.uri()) + " answered " + response.status()
                + excerpt(response, redaction);
        if (!retryable(response.status())) {
            return AgentException.permanent(message);
        }
        Duration wait =
                retryAfter(first(response, "retry-after"), context.clock().instant());
        return wait == null ? AgentException.retryable(message) : AgentException.retryable(message, wait);
    }

    private static boolean retryable(int status) {
        return status >= 500 || status == 429 || status == 408;
    }

    private static String withoutQuery(URI uri) {
        return uri.getScheme() + "://" + uri.getAuthority() + uri.getRawPath();
    }

    private static String excerpt(HttpCaller.Response response, Redaction redaction) {
        if (!isText(first(response, "content-type"))) {
            return "";
        }
        String text = OneLine.of(redaction.of(new String(response.body(), StandardCharsets.UTF_8)))
                .strip();
        return text.isEmpty() ? "" : ": " + (text.length() <= 200 ? text : text.substring(0, 200) + "...");
    }

    /** Seconds or a date; null when the server says nothing that can be understood. */
    private static @Nullable Duration retryAfter(String text, Instant now) {
        if (text.isEmpty()) {
            return null;
        }
        Duration wait;
        try {
            wait = text.chars().allMatch(c -> c >= '0' && c <= '9')
                    ? Duration.ofSeconds(Long.parseLong(text))
                    : Duration.between(
                            now,
                            ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            return null;
        }
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : wait;
    }

    private static JsonNode output(HttpCaller.Response response, Redaction redaction) {
        ObjectNode output = JsonNodeFactory.instance.objectNode().put("status", response.status());
        ObjectNode headers = output.putObject("headers");
        for (String name : HEADERS) {
            String value = first(response, name);
            if (!value.isEmpty()) {
                headers.put(name, redaction.of(value));
            }
        }
        putBody(output, response, redaction);
        return output;
    }

    private static void putBody(ObjectNode output, HttpCaller.Response response, Redaction redaction) {
        String contentType = first(response, "content-type");
        if (!isText(contentType)) {
            String binary = new String(response.body(), StandardCharsets.ISO_8859_1);
            if (!redaction.found(binary)) {
                output.put("bodyBase64", Base64.getEncoder().encodeToString(response.body()));
            }
            return;
        }
        String text = redaction.of(new String(response.body(), StandardCharsets.UTF_8));
        if (isJson(contentType)) {
            try {
                output.set("body", EventFormat.parse(text.getBytes(StandardCharsets.UTF_8)));
                return;
            } catch (HelixException e) {
                // A server that says JSON and sends something else: the text is the best there is.
                output.put("bodyProblem", e.message());
            }
        }
        output.put("body", text);
    }

    private static boolean isJson(String contentType) {
        String mediaType = mediaType(contentType);
        return mediaType.equals("application/json") || mediaType.endsWith("+json");
    }

    private static boolean isText(String contentType) {
        String mediaType = mediaType(contentType);
        return isJson(contentType)
                || mediaType.isEmpty()
                || mediaType.startsWith("text/")
                || mediaType.equals("application/xml")
                || mediaType.endsWith("+xml")
                || mediaType.equals("application/x-www-form-urlencoded");
    }

    static String mediaType(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private static String first(HttpCaller.Response response, String header) {
        List<String> values = response.headers().getOrDefault(header, List.of());
        return values.isEmpty() ? "" : values.get(0);
    }
}
