package io.helix.wasm;

import io.helix.api.HelixException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Whether a MessagePack document is as long as it says. The library reserves what a length claims before it looks for the
 * bytes, so a document of six bytes could take all memory of the server.
 */
final class PackedShape {
    private final ByteBuffer in;
    /** How many values are still to come. */
    private long wanted = 1;

    private PackedShape(byte[] document) {
        in = ByteBuffer.wrap(document);
    }

    /** @throws HelixException INVALID */
    static void require(byte[] document) {
        PackedShape shape = new PackedShape(document);
        try {
            while (shape.wanted > 0) {
                shape.value();
            }
        } catch (BufferUnderflowException e) {
            throw damaged();
        }
        if (shape.in.hasRemaining()) {
            throw damaged();
        }
    }

    private void value() {
        wanted--;
        int form = in.get() & 0xff;
        if (form >= 0x80 && form <= 0x8f) {
            values(2L * (form & 0x0f));
        } else if (form >= 0x90 && form <= 0x9f) {
            values(form & 0x0f);
        } else if (form >= 0xa0 && form <= 0xbf) {
            skip(form & 0x1f);
        } else if (form >= 0xc0 && form <= 0xdf) {
            longForm(form);
        }
    }

    private void longForm(int form) {
        switch (form) {
            case 0xc0, 0xc2, 0xc3 -> {} // nil, false, true
            case 0xc4, 0xd9 -> skip(u8());
            case 0xc5, 0xda -> skip(u16());
            case 0xc6, 0xdb -> skip(u32());
            case 0xc7 -> skip(u8() + 1);
            case 0xc8 -> skip(u16() + 1);
            case 0xc9 -> skip(u32() + 1);
            case 0xcc, 0xd0 -> skip(1);
            case 0xcd, 0xd1, 0xd4 -> skip(2);
            case 0xd5 -> skip(3);
            case 0xca, 0xce, 0xd2 -> skip(4);
            case 0xd6 -> skip(5);
            case 0xcb, 0xcf, 0xd3 -> skip(8);
            case 0xd7 -> skip(9);
            case 0xd8 -> skip(17);
            case 0xdc -> values(u16());
            case 0xdd -> values(u32());
            case 0xde -> values(2 * u16());
            case 0xdf -> values(2 * u32());
            default -> throw damaged(); // 0xc1, which is never used
        }
    }

    private long u8() {
        return in.get() & 0xffL;
    }

    private long u16() {
        return in.getShort() & 0xffffL;
    }

    private long u32() {
        return in.getInt() & 0xffff_ffffL;
    }

    private void skip(long bytes) {
        if (bytes > in.remaining()) {
            throw damaged();
        }
        in.position(in.position() + (int) bytes);
    }

    /** Each value takes a byte at least. */
    private void values(long count) {
        wanted += count;
        if (wanted > in.remaining()) {
            throw damaged();
        }
    }

    private static HelixException damaged() {
        return HelixException.invalid("is not MessagePack: it is damaged, cut off or longer than one value");
    }
}
