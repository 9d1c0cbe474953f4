package io.helix.runtime.memory;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Texts as bytes and back, each as it was. UTF-8, except that half of a surrogate pair, which UTF-8 has no bytes for and
 * Java would write as a question mark, is written as the three bytes that its number would have.
 */
public final class Lossless {
    private static final int LEAD = 0xED;

    private Lossless() {}

    /** Different texts have different bytes. */
    public static byte[] bytes(String text) {
        if (hasNoSurrogate(text)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        text.codePoints().forEach(point -> write(point, bytes));
        return bytes.toByteArray();
    }

    private static boolean hasNoSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static void write(int point, ByteArrayOutputStream bytes) {
        if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
            bytes.write(LEAD);
            bytes.write(0x80 | point >> 6 & 0x3F);
            bytes.write(0x80 | point & 0x3F);
        } else {
            bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** What {@link #bytes} was given. */
    public static String text(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (int i = 0; i + 2 < bytes.length; i++) {
            if (isHalf(bytes, i)) {
                text.append(new String(bytes, from, i - from, StandardCharsets.UTF_8));
                text.append((char) (0xD000 | (bytes[i + 1] & 0x3F) << 6 | bytes[i + 2] & 0x3F));
                from = i + 3;
            }
        }
        return text.append(new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8))
                .toString();
    }

    private static boolean isHalf(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) == LEAD && (bytes[at + 1] & 0xE0) == 0xA0;
    }
}
