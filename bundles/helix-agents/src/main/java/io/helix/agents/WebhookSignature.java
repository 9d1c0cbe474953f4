package io.helix.agents;

import io.helix.api.agent.AgentContext;
import io.helix.api.agent.WebhookReceiver.Delivery;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Whether a request carries the HMAC-SHA256 of its raw bytes. Compares in constant time. */
final class WebhookSignature {
    private static final int DIGEST_BYTES = 32;

    private final AgentContext<WebhookConfig> context;
    private final String credential;
    private final WebhookConfig.Hmac hmac;

    private WebhookSignature(AgentContext<WebhookConfig> context, String credential, WebhookConfig.Hmac hmac) {
        this.context = context;
        this.credential = credential;
        this.hmac = hmac;
    }

    /** Null when the configuration asks for no signature. */
    static @Nullable WebhookSignature of(AgentContext<WebhookConfig> context) {
        WebhookConfig config = context.config();
        String credential = config.credential() == null ? "" : config.credential();
        return switch (config.signature()) {
            case NONE -> null;
            case GITHUB -> new WebhookSignature(context, credential, github());
            case GENERIC -> new WebhookSignature(context, credential, config.hmac());
        };
    }

    private static WebhookConfig.Hmac github() {
        return new WebhookConfig.Hmac(
                "X-Hub-Signature-256", WebhookConfig.Encoding.HEX, "sha256=", null, Duration.ZERO);
    }

    /**
     * Null when the request is genuine, else what is wrong with it, for the sender.
     *
     * @throws io.helix.api.HelixException when the credential cannot be read
     */
    @Nullable
    String problem(Delivery delivery) {
        byte[] claimed = claimed(delivery.header(hmac.header().toLowerCase(Locale.ROOT)));
        if (claimed.length != DIGEST_BYTES) {
            return "header " + hmac.header() + " with a signature is missing or malformed";
        }
        String timestamp = timestamp(delivery);
        if (timestamp != null && !recent(timestamp)) {
            return "header " + hmac.timestampHeader() + " is missing or too far from now";
        }
        return MessageDigest.isEqual(expected(timestamp, delivery.body()), claimed) ? null : "the signature is wrong";
    }

    private byte[] claimed(String header) {
        if (!header.startsWith(hmac.prefix())) {
            return new byte[0];
        }
        String encoded = header.substring(hmac.prefix().length()).strip();
        try {
            return switch (hmac.encoding()) {
                case HEX -> HexFormat.of().parseHex(encoded);
                case BASE64 -> Base64.getDecoder().decode(encoded);
            };
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private @Nullable String timestamp(Delivery delivery) {
        String header = hmac.timestampHeader();
        return header == null ? null : delivery.header(header.toLowerCase(Locale.ROOT));
    }

    private boolean recent(String timestamp) {
        if (timestamp.isEmpty() || timestamp.length() > 11 || !timestamp.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        Instant signed = Instant.ofEpochSecond(Long.parseLong(timestamp));
        return Duration.between(signed, context.clock().instant()).abs().compareTo(hmac.tolerance()) <= 0;
    }

    private byte[] expected(@Nullable String timestamp, byte[] body) {
        return context.credentials().use(credential, "webhook-signature", secret -> {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(secret, "HmacSHA256"));
                if (timestamp != null) {
                    mac.update((timestamp + ".").getBytes(StandardCharsets.US_ASCII));
                }
                return mac.doFinal(body);
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw new IllegalStateException("credential '" + credential + "' cannot serve as a key", e);
            }
        });
    }
}
