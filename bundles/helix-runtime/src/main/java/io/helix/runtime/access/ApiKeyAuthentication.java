package io.helix.runtime.access;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.control.Caller;
import io.helix.api.store.ApiKeys;
import io.helix.api.store.ApiKeys.ApiKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * API keys of the form {@code hlx_<id>_<secret>}: 256 random bits, of which only a SHA-256 is kept. A key is looked up
 * again after a few seconds, so that one deleted on another node stops working here soon.
 */
public final class ApiKeyAuthentication {
    private static final Pattern FORM = Pattern.compile("hlx_([a-z0-9]{12})_([0-9A-Za-z]{43})");
    private static final char[] DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".toCharArray();
    private static final Duration REMEMBERED = Duration.ofSeconds(5);
    private static final int MAX_REMEMBERED = 10_000;

    private record Known(Optional<ApiKey> key, Instant until) {}

    private final ApiKeys keys;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    public ApiKeyAuthentication(ApiKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** @param presentable what the owner of the key presents; known only now */
    public record Created(ApiKey key, String presentable) {}

    public Created create(
            String profile, String name, Set<String> roles, Set<String> scopes, @Nullable Instant expires) {
        String id = random(12).toLowerCase(java.util.Locale.ROOT);
        String secret = random(43);
        ApiKey key = new ApiKey(id, name, profile, roles, scopes, digest(secret), clock.instant(), expires);
        keys.add(key);
        return new Created(key, "hlx_" + id + "_" + secret);
    }

    public Optional<Caller> authenticate(String presented, String remoteAddress) {
        Matcher matcher = FORM.matcher(presented);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return find(matcher.group(1))
                .filter(key -> MessageDigest.isEqual(ascii(key.digest()), ascii(digest(matcher.group(2)))))
                .filter(key -> key.expires() == null || key.expires().isAfter(clock.instant()))
                .map(key -> new Caller("ApiKey", key.id(), key.profile(), key.roles(), key.scopes(), remoteAddress));
    }

    public void forget(String id) {
        known.remove(id);
    }

    private Optional<ApiKey> find(String id) {
        Instant now = clock.instant();
        Known cached = known.get(id);
        if (cached != null && cached.until().isAfter(now)) {
            return cached.key();
        }
        if (known.size() > MAX_REMEMBERED) {
            known.clear();
        }
        Optional<ApiKey> key = keys.find(id);
        known.put(id, new Known(key, now.plus(REMEMBERED)));
        return key;
    }

    private String random(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(DIGITS[random.nextInt(DIGITS.length)]);
        }
        return text.toString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String digest(String secret) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(ascii(secret)));
        } catch (NoSuchAlgorithmException e) {
            throw new HelixException(ErrorKind.INTERNAL, "this JVM has no SHA-256", e);
        }
    }
}
