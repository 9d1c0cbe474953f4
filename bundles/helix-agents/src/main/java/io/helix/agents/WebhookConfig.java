package io.helix.agents;

import com.fasterxml.jackson.core.JsonPointer;
import io.helix.api.HelixException;
import io.helix.api.agent.Config;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which requests {@link Webhook} accepts, and what they become. */
record WebhookConfig(
        @Config(value = "The HTTP methods that are accepted", defaultValue = "[\"POST\"]")
        List<String> methods,

        @Config(
                value = "How a request proves its origin: github (X-Hub-Signature-256), generic (see hmac), or none",
                defaultValue = "\"none\"")
        Signature signature,

        @Config(value = "The credential with the shared secret, for signature github and generic", optional = true)
        @Nullable
        String credential,

        @Config(value = "Where and how a generic signature is sent", defaultValue = "{}")
        Hmac hmac,

        @Config(
                value = "The type of the events. With signature github the first part of it, before"
                        + " .<event>.<action>; default github there, else webhook.received",
                optional = true,
                pattern = "^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$")
        @Nullable
        String eventType,

        @Config(
                value = "A JSON pointer into the body, e.g. /repository/full_name, to the subject of the event",
                optional = true)
        @Nullable
        String subject,

        @Config(
                value = "The header with an id that is the same when the sender repeats a request; with signature"
                        + " github X-GitHub-Delivery",
                optional = true)
        @Nullable
        String deliveryIdHeader,

        @Config(value = "How long an id is remembered; 0s: not by this agent", defaultValue = "\"24h\"")
        Duration dedupWindow,

        @Config(value = "How long a body may be", defaultValue = "524288", min = 1, max = 1000000)
        int maxBytes) {
    private static final Pattern METHOD = Pattern.compile("GET|POST|PUT|PATCH|DELETE");
    private static final Duration MAX_WINDOW = Duration.ofDays(7);

    enum Signature {
        NONE,
        GITHUB,
        GENERIC
    }

    enum Encoding {
        HEX,
        BASE64
    }

    /**
     * HMAC-SHA256 with the credential as key.
     *
     * @param timestampHeader when given, what is signed is the value of this header, a dot, and the body
     */
    record Hmac(
            @Config(value = "The header with the signature", defaultValue = "\"X-Signature-256\"")
            String header,

            @Config(value = "hex or base64", defaultValue = "\"hex\"")
            Encoding encoding,

            @Config(value = "What stands before the signature, e.g. sha256=", defaultValue = "\"\"")
            String prefix,

            @Config(
                    value = "The header with the seconds since 1970; then the signature is over <seconds>.<body>",
                    optional = true)
            @Nullable
            String timestampHeader,

            @Config(value = "How far that time may be from now", defaultValue = "\"5m\"")
            Duration tolerance) {}

    WebhookConfig {
        methods = List.copyOf(methods);
        if (methods.isEmpty()
                || !methods.stream().allMatch(it -> METHOD.matcher(it).matches())) {
            throw HelixException.invalid("methods must name at least one of GET, POST, PUT, PATCH, DELETE");
        }
        if (signature != Signature.NONE && (credential == null || credential.isBlank())) {
            throw HelixException.invalid("signature " + signature.name().toLowerCase(Locale.ROOT)
                    + " needs a credential: the name of the one that holds the shared secret");
        }
        if (signature == Signature.NONE && credential != null) {
            throw HelixException.invalid(
                    "a credential has no use with signature none: set signature github or generic");
        }
        if (dedupWindow.compareTo(MAX_WINDOW) > 0) {
            throw HelixException.invalid("dedupWindow may be 7d at most");
        }
        requirePointer(subject);
    }

    String idHeader() {
        String explicit = deliveryIdHeader == null ? "" : deliveryIdHeader.toLowerCase(Locale.ROOT);
        return explicit.isEmpty() && signature == Signature.GITHUB ? "x-github-delivery" : explicit;
    }

    private static void requirePointer(@Nullable String text) {
        if (text == null) {
            return;
        }
        try {
            JsonPointer.compile(text);
        } catch (IllegalArgumentException e) {
            throw HelixException.invalid("subject '" + text + "' is not a JSON pointer, e.g. /repository/full_name");
        }
    }
}
