package io.helix.wasm;

import io.helix.api.HelixException;
import io.helix.wasm.ModuleShape.Limits;
import java.io.ByteArrayOutputStream;

/**
 * Bounds that are written into the binary, since the engine has no option for them: without them a guest can take the
 * whole heap by growing its memory or a table.
 *
 * @param pages of 64 KiB
 */
record Caps(int pages) {
    private static final int TABLE_ELEMENTS = 65_536;
    private static final int MAX_TABLES = 8;

    /** {@code wasm} with every memory and table limited. The shape must have been read from the same bytes. */
    byte[] applyTo(byte[] wasm, ModuleShape shape) {
        requireReasonable(shape);
        ByteArrayOutputStream out = new ByteArrayOutputStream(wasm.length + 32);
        int copied = 0;
        for (Section section : Section.all(wasm)) {
            if (section.id() == Section.MEMORY || section.id() == Section.TABLE) {
                out.write(wasm, copied, section.start() - copied);
                writeSection(out, section.id(), limited(section, wasm));
                copied = section.end();
            }
        }
        out.write(wasm, copied, wasm.length - copied);
        return out.toByteArray();
    }

    private void requireReasonable(ModuleShape shape) {
        if (shape.memories().size() != 1) {
            throw HelixException.invalid("the module has " + shape.memories().size()
                    + " memories; ABI helix/1 asks for exactly one, exported as \"memory\"");
        }
        if (shape.tables().size() > MAX_TABLES) {
            throw HelixException.invalid("the module has more than " + MAX_TABLES + " tables");
        }
        long initial = shape.memories().get(0).minimum();
        if (initial > pages) {
            throw HelixException.invalid("the module starts with " + initial + " memory pages and may have " + pages
                    + " (of 64 KiB each): raise limits.memoryPages in its manifest or memory.pages.max of io.helix.wasm,"
                    + " or build it with less");
        }
        shape.tables().forEach(Caps::requireSmallTable);
    }

    private static void requireSmallTable(Limits table) {
        if (table.minimum() > TABLE_ELEMENTS) {
            throw HelixException.invalid(
                    "a table of the module has " + table.minimum() + " elements; at most " + TABLE_ELEMENTS);
        }
    }

    private byte[] limited(Section section, byte[] wasm) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        ByteCursor cursor = section.cursor(wasm);
        int count = cursor.count();
        writeU32(body, count);
        for (int i = 0; i < count; i++) {
            boolean table = section.id() == Section.TABLE;
            if (table) {
                body.write(cursor.u8());
            }
            writeLimits(body, ModuleReader.readLimits(cursor, "memory"), table ? TABLE_ELEMENTS : pages);
        }
        return body.toByteArray();
    }

    private static void writeLimits(ByteArrayOutputStream out, Limits limits, long cap) {
        out.write(1);
        writeU32(out, limits.minimum());
        writeU32(out, limits.maximum() < 0 ? cap : Math.min(limits.maximum(), cap));
    }

    private static void writeSection(ByteArrayOutputStream out, int id, byte[] body) {
        out.write(id);
        writeU32(out, body.length);
        out.writeBytes(body);
    }

    private static void writeU32(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest > 0x7f) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
