package io.helix.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a plain text is of. age authenticates the text but not its row, so that whoever can write the database could
 * swap rows: hence the name of the row is inside.
 */
record Envelope(String profile, String name, int version) {
    private byte[] header() {
        byte[] profileBytes = profile.getBytes(UTF_8);
        byte[] nameBytes = name.getBytes(UTF_8);
        return ByteBuffer.allocate(3 * Integer.BYTES + profileBytes.length + nameBytes.length)
                .putInt(profileBytes.length)
                .put(profileBytes)
                .putInt(nameBytes.length)
                .put(nameBytes)
                .putInt(version)
                .array();
    }

    /** Zero the result after use. */
    byte[] wrap(byte[] secret) {
        byte[] header = header();
        byte[] plain = Arrays.copyOf(header, header.length + secret.length);
        System.arraycopy(secret, 0, plain, header.length, secret.length);
        return plain;
    }

    /** Empty when the plain text is of something else. Zero the result after use. */
    Optional<byte[]> unwrap(byte[] plain) {
        byte[] header = header();
        boolean mine =
                plain.length >= header.length && Arrays.equals(plain, 0, header.length, header, 0, header.length);
        return mine ? Optional.of(Arrays.copyOfRange(plain, header.length, plain.length)) : Optional.empty();
    }
}
