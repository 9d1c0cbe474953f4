package io.helix.runtime.match;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.runtime.memory.Lossless;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Ids that are the same whenever they are made from the same parts. */
final class RunIds {
    private RunIds() {}

    static String of(Iterable<String> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = Lossless.bytes(part);
                digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new HelixException(ErrorKind.INTERNAL, "this JVM has no SHA-256", e);
        }
    }
}
