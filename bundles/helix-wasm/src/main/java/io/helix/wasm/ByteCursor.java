package io.helix.wasm;

import io.helix.api.HelixException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the primitive forms of the wasm binary format from a part of an array, never beyond its end. */
final class ByteCursor {
    private final byte[] bytes;
    private final int end;
    private int position;

    ByteCursor(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    int position() {
        return position;
    }

    boolean atEnd() {
        return position == end;
    }

    int u8() {
        if (position == end) {
            throw truncated();
        }
        return bytes[position++] & 0xff;
    }

    /** An unsigned LEB128 number of 32 bits. */
    long u32() {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int next = u8();
            value |= (long) (next & 0x7f) << shift;
            if ((next & 0x80) == 0) {
                if (value > 0xffff_ffffL) {
                    break;
                }
                return value;
            }
        }
        throw HelixException.invalid("the file is damaged: a number at byte " + position + " is over 32 bits");
    }

    /** A count of things that take at least one byte each, so that a forged count cannot make us reserve memory. */
    int count() {
        return length();
    }

    /** A length that must fit into what is left. */
    int length() {
        long value = u32();
        if (value > end - position) {
            throw truncated();
        }
        return (int) value;
    }

    String name() {
        int length = length();
        ByteBuffer text = ByteBuffer.wrap(bytes, position, length);
        position += length;
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
        } catch (CharacterCodingException e) {
            throw HelixException.invalid("the file is damaged: a name before byte " + position + " is not UTF-8");
        }
    }

    void skip(int count) {
        position += count;
    }

    byte[] rest() {
        return Arrays.copyOfRange(bytes, position, end);
    }

    private HelixException truncated() {
        return HelixException.invalid("the file is truncated or damaged at byte " + position
                + ": copy it to another name first and move it into the folder when it is complete");
    }
}
