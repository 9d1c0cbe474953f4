package io.helix.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.control.ControlPlane;
import io.helix.api.control.ControlPlane.NewApiKey;
import io.helix.api.event.EventFormat;
import io.helix.api.vault.Vault;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Credentials and API keys. A secret goes in and never comes out, but for the one answer that makes a key. */
final class SecretRoutes {
    private static final int MAX_SECRET = 64 * 1024;
    private static final String CREDENTIALS = "/profiles/{profile}/credentials";
    private static final String KEYS = "/profiles/{profile}/keys";

    private final ControlPlane control;

    SecretRoutes(ControlPlane control) {
        this.control = control;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", CREDENTIALS, this::credentials),
                Route.of("PUT", CREDENTIALS + "/{name}", this::putCredential),
                Route.of("DELETE", CREDENTIALS + "/{name}", this::deleteCredential),
                Route.of("GET", KEYS, this::keys),
                Route.of("POST", KEYS, this::createKey),
                Route.of("DELETE", KEYS + "/{id}", this::deleteKey));
    }

    private Answer credentials(Call call) {
        return Answer.ok(Map.of("items", control.credentials(call.caller(), call.profile())));
    }

    private Answer putCredential(Call call) throws IOException {
        String type = call.mediaType();
        if (!type.equals("text/plain") && !type.equals("application/octet-stream")) {
            throw new HttpFailure(
                    415, "send the secret itself as text/plain or application/octet-stream, with nothing around it");
        }
        byte[] secret = call.body(MAX_SECRET);
        try {
            if (secret.length == 0) {
                throw HelixException.invalid("the secret is empty");
            }
            Vault.Version version = control.putCredential(call.caller(), call.profile(), call.path("name"), secret);
            return new Answer.Value(version.version() == 1 ? 201 : 200, version, Map.of());
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private Answer deleteCredential(Call call) {
        control.deleteCredential(call.caller(), call.profile(), call.path("name"));
        return Answer.noContent();
    }

    private Answer keys(Call call) {
        return Answer.ok(Map.of("items", control.apiKeys(call.caller(), call.profile())));
    }

    private Answer createKey(Call call) throws IOException {
        ObjectNode body = call.object();
        JsonNode name = body.path("name");
        if (!name.isTextual() || name.textValue().isBlank()) {
            throw HelixException.invalid("'name' is required: what the key is for");
        }
        NewApiKey key = control.createApiKey(
                call.caller(),
                call.profile(),
                name.textValue(),
                words(body, "roles"),
                words(body, "scopes"),
                expires(body));
        return new Answer.Value(201, key, Map.of());
    }

    private static Set<String> words(ObjectNode body, String field) {
        Set<String> words = new LinkedHashSet<>();
        JsonNode list = body.path(field);
        if (!list.isMissingNode() && !list.isArray()) {
            throw HelixException.invalid("'" + field + "' must be a list of words");
        }
        for (JsonNode word : list) {
            if (!word.isTextual()) {
                throw HelixException.invalid("'" + field + "' must be a list of words");
            }
            words.add(word.textValue());
        }
        return words;
    }

    private static @Nullable Instant expires(ObjectNode body) {
        return body.hasNonNull("expires") ? EventFormat.time(body.get("expires").asText(), Instant.EPOCH) : null;
    }

    private Answer deleteKey(Call call) {
        control.deleteApiKey(call.caller(), call.profile(), call.path("id"));
        return Answer.noContent();
    }
}
