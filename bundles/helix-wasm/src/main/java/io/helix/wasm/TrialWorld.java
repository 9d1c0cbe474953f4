package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.Credentials;
import io.helix.api.agent.HttpCaller.Response;
import io.helix.api.event.EventFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What a trial run finds outside of the plugin: nothing, unless it is prepared.
 *
 * @param kv what is kept, by key: a text, other JSON as it is written, or {@code {"base64": ".."}}
 * @param http answers by method and URL: {@code {"GET https://..": {"status", "headers", "body" or "body64"}}}, or
 *     {@code {"error": "DENIED" or "UNAVAILABLE"}}
 * @param credentials secrets by name
 */
record TrialWorld(ObjectNode kv, ObjectNode http, ObjectNode credentials) {
    static final String NO_EFFECTS = "this is a trial run without effects";

    private static final Pattern CALL = Pattern.compile("[A-Z]+ https?://\\S+");
    private static final Set<String> ANSWER = Set.of("status", "headers", "body", "body64", "error");
    private static final Set<String> ERRORS = Set.of("DENIED", "UNAVAILABLE");

    /** @throws HelixException INVALID */
    TrialWorld {
        http.properties().forEach(entry -> requireAnswer(entry.getKey(), entry.getValue()));
        credentials.properties().forEach(entry -> {
            if (!entry.getValue().isTextual()) {
                throw HelixException.invalid("credential '" + entry.getKey() + "' must be a text");
            }
        });
    }

    static TrialWorld empty() {
        ObjectNode nothing = EventFormat.json().createObjectNode();
        return new TrialWorld(nothing, nothing, nothing);
    }

    private static void requireAnswer(String call, JsonNode answer) {
        if (!CALL.matcher(call).matches()) {
            throw HelixException.invalid("'" + call + "' must be a method and a URL, such as GET https://example.org/");
        }
        if (!answer.isObject()) {
            throw HelixException.invalid("the answer to " + call + " must be a JSON object");
        }
        answer.fieldNames().forEachRemaining(key -> {
            if (!ANSWER.contains(key)) {
                throw HelixException.invalid("the answer to " + call + " has an unknown key " + key
                        + "; there are: status, headers, body, body64, error");
            }
        });
        if (answer.has("error") && !ERRORS.contains(answer.path("error").asText())) {
            throw HelixException.invalid("the error of " + call + " must be DENIED or UNAVAILABLE");
        }
    }

    /** @param call such as {@code GET https://example.org/} */
    Response answer(String call) throws AgentException {
        if (http.isEmpty()) {
            throw AgentException.retryable(NO_EFFECTS);
        }
        if (!(http.get(call) instanceof ObjectNode answer)) {
            throw AgentException.retryable("there is no answer for " + call);
        }
        return switch (answer.path("error").asText()) {
            case "DENIED" -> throw AgentException.permanent("a policy forbids " + call);
            case "UNAVAILABLE" -> throw AgentException.retryable("nobody answers " + call);
            default -> new Response(answer.path("status").asInt(200), headers(answer), ShownBytes.of(answer, "body"));
        };
    }

    private static Map<String, List<String>> headers(ObjectNode answer) {
        Map<String, List<String>> headers = new TreeMap<>();
        answer.path("headers")
                .properties()
                .forEach(header -> headers.put(
                        header.getKey().toLowerCase(Locale.ROOT),
                        List.of(header.getValue().asText())));
        return headers;
    }

    /** @param given is told which secrets were given away */
    Credentials vault(TrialSecrets given) {
        return new Credentials() {
            @Override
            public <T> T use(String name, String purpose, Function<byte[], T> use) {
                String secret = secret(name);
                given.give(secret);
                return use.apply(secret.getBytes(StandardCharsets.UTF_8));
            }
        };
    }

    private String secret(String name) {
        if (credentials.isEmpty()) {
            throw HelixException.forbidden(NO_EFFECTS);
        }
        if (!credentials.has(name)) {
            throw HelixException.notFound("there is no credential '" + name + "'");
        }
        return credentials.path(name).asText();
    }

    /** A state that holds what is kept, as a plugin of these terms has stored it. */
    DryState state(Terms terms, int most) {
        DryState state = new DryState(most);
        if (kv.isEmpty()) {
            return state;
        }
        if (!terms.capabilities().keyValues()) {
            throw HelixException.invalid("the plugin keeps no values: its manifest does not ask for capability kv");
        }
        try {
            GuestKeyValues values = new GuestKeyValues(state, terms, new CallTime());
            for (Map.Entry<String, JsonNode> entry : kv.properties()) {
                values.set(entry.getKey(), value(entry.getValue()), 0);
            }
            values.keep();
        } catch (HostRefusal refusal) {
            throw HelixException.invalid("the values to begin with: " + refusal.message());
        }
        state.begin();
        return state;
    }

    private static byte[] value(JsonNode value) {
        return value instanceof ObjectNode object && object.size() == 1 && object.has("base64")
                ? ShownBytes.decoded(object.path("base64").asText())
                : ShownBytes.bytes(value);
    }
}
