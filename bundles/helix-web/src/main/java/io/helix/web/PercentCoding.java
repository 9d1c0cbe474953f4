package io.helix.web;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Percent-decoding that refuses what it does not understand. {@code URLDecoder} replaces bad UTF-8 silently. */
final class PercentCoding {
    private PercentCoding() {}

    /** Empty when {@code text} has a broken escape or does not decode to UTF-8. */
    static Optional<String> decode(String text) {
        if (text.indexOf('%') < 0) {
            return Optional.of(text);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '%') {
                int end = endOfPlain(text, at);
                bytes.writeBytes(text.substring(at, end).getBytes(StandardCharsets.UTF_8));
                at = end;
                continue;
            }
            int octet = octet(text, at);
            if (octet < 0) {
                return Optional.empty();
            }
            bytes.write(octet);
            at += 3;
        }
        return utf8(bytes.toByteArray());
    }

    private static int endOfPlain(String text, int from) {
        int end = text.indexOf('%', from);
        return end < 0 ? text.length() : end;
    }

    private static int octet(String text, int at) {
        if (at + 2 >= text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(at + 1), 16);
        int low = Character.digit(text.charAt(at + 2), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    private static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
