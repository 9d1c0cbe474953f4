package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.HelixException;
import io.helix.api.agent.Credentials;
import io.helix.api.event.EventFormat;
import io.helix.wasm.HostRefusal.Code;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The credentials that the manifest names, as far as policy permits. */
final class GuestCredentials {
    private static final String DEFAULT_HEADER = "Authorization";
    private static final String DEFAULT_PREFIX = "Bearer ";

    private final Credentials credentials;
    private final Terms terms;

    GuestCredentials(Credentials credentials, Terms terms) {
        this.credentials = credentials;
        this.terms = terms;
    }

    /** The secret that service {@code credential} was asked for. */
    byte[] read(byte[] request) throws HostRefusal {
        JsonNode node;
        try {
            node = EventFormat.parse(request);
        } catch (HelixException e) {
            throw new HostRefusal(Code.INVALID, "the request is not valid: " + e.message());
        }
        return secret(name(node), node.path("purpose").asText("plugin"));
    }

    /** Adds the header that {@code wanted} describes, so that the guest need not see the secret. */
    void addTo(Map<String, String> headers, JsonNode wanted) throws HostRefusal {
        String header = wanted.path("header").asText(DEFAULT_HEADER);
        String prefix = wanted.path("prefix").asText(DEFAULT_PREFIX);
        byte[] secret = secret(name(wanted), "http");
        headers.keySet().removeIf(header::equalsIgnoreCase);
        headers.put(header, prefix + new String(secret, StandardCharsets.UTF_8).strip());
    }

    private static String name(JsonNode node) throws HostRefusal {
        JsonNode name = node.path("name");
        if (!name.isTextual() || name.textValue().isEmpty()) {
            throw new HostRefusal(Code.INVALID, "the request has no name of a credential");
        }
        return name.textValue();
    }

    private byte[] secret(String name, String purpose) throws HostRefusal {
        if (!terms.capabilities().mayUse(name)) {
            throw new HostRefusal(
                    Code.DENIED,
                    "the manifest of the plugin does not ask for capability credentials of '" + name + "'");
        }
        return credentials.use(name, purpose, byte[]::clone);
    }
}
