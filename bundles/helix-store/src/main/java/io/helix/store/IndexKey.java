package io.helix.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Stands for a text in an index: PostgreSQL refuses rows with indexed texts of more than 2,700 bytes. */
final class IndexKey {
    private static final int MAX_LENGTH = 200;

    private IndexKey() {}

    static String of(String text) {
        return text.length() <= MAX_LENGTH ? String.valueOf(Sql.visible(text)) : "sha256:" + sha256(text);
    }

    static @Nullable String ofNullable(@Nullable String text) {
        return text == null ? null : of(text);
    }

    static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
