package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.HelixException;
import io.helix.api.agent.Credentials;
import io.helix.api.event.EventFormat;
import io.helix.wasm.HostRefusal.Code;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/** The credentials that the manifest names, as far as policy permits. */
final class GuestCredentials {
    private static final String DEFAULT_HEADER = "Authorization";
    private static final String DEFAULT_PREFIX = "Bearer ";

    private static final int MAX_NAME = 200;
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~A-Za-z0-9-]{1,100}");
    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]*");

    private final Credentials credentials;
    private final Terms terms;
    private final CallTime time;

    GuestCredentials(Credentials credentials, Terms terms, CallTime time) {
        this.credentials = credentials;
        this.terms = terms;
        this.time = time;
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
        requireHeader(header, prefix);
        String secret = new String(secret(name(wanted), "http"), StandardCharsets.UTF_8).strip();
        if (!PRINTABLE.matcher(secret).matches()) {
            throw new HostRefusal(
                    Code.INVALID, "the credential cannot be sent in a header: it is not one line of text");
        }
        headers.keySet().removeIf(header::equalsIgnoreCase);
        headers.put(header, prefix + secret);
    }

    /** What the HTTP client refuses it quotes, secret and all, in a reason that the guest can read. */
    private static void requireHeader(String header, String prefix) throws HostRefusal {
        if (!TOKEN.matcher(header).matches() || !PRINTABLE.matcher(prefix).matches()) {
            throw new HostRefusal(Code.INVALID, "header and prefix of a credential are plain text");
        }
    }

    private static String name(JsonNode node) throws HostRefusal {
        JsonNode name = node.path("name");
        if (!name.isTextual() || name.textValue().isEmpty()) {
            throw new HostRefusal(Code.INVALID, "the request has no name of a credential");
        }
        return name.textValue();
    }

    private byte[] secret(String name, String purpose) throws HostRefusal {
        if (name.length() > MAX_NAME || purpose.length() > MAX_NAME) {
            throw new HostRefusal(
                    Code.INVALID, "name and purpose of a credential have at most " + MAX_NAME + " characters");
        }
        if (!terms.capabilities().mayUse(name)) {
            throw HostRefusal.notAsked("readCredential", "Credential", name, "credentials of '" + name + "'");
        }
        return time.ask(() -> credentials.use(name, ShownText.oneLine(purpose), byte[]::clone));
    }
}
