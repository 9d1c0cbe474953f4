package io.helix.wasm;

import io.helix.api.HelixException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A section of a wasm binary.
 *
 * @param start of the section with its id and length
 * @param body where its contents start
 */
record Section(int id, int start, int body, int end) {
    static final int CUSTOM = 0;
    static final int TYPE = 1;
    static final int IMPORT = 2;
    static final int FUNCTION = 3;
    static final int TABLE = 4;
    static final int MEMORY = 5;
    static final int EXPORT = 7;

    /** Far more than any toolchain writes; what we keep of each is larger than an empty section. */
    private static final int MOST = 100_000;

    private static final int HEADER = 8;
    private static final byte[] MAGIC = {0, 'a', 's', 'm', 1, 0, 0, 0};

    /** The sections of {@code wasm}, in order. */
    static List<Section> all(byte[] wasm) {
        requireHeader(wasm);
        List<Section> sections = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        ByteCursor cursor = new ByteCursor(wasm, HEADER, wasm.length);
        while (!cursor.atEnd()) {
            int start = cursor.position();
            int id = cursor.u8();
            int length = cursor.length();
            // Twice the same section could show us one memory and the engine another.
            if (id != CUSTOM && !seen.add(id)) {
                throw HelixException.invalid("the file is damaged: section " + id + " is there twice");
            }
            if (sections.size() == MOST) {
                throw HelixException.invalid("the module has more than " + MOST + " sections");
            }
            sections.add(new Section(id, start, cursor.position(), cursor.position() + length));
            cursor.skip(length);
        }
        return sections;
    }

    private static void requireHeader(byte[] wasm) {
        if (wasm.length < HEADER || !Arrays.equals(wasm, 0, 4, MAGIC, 0, 4)) {
            throw HelixException.invalid("the file is not a WebAssembly module: it does not begin with \\0asm");
        }
        if (!Arrays.equals(wasm, 4, HEADER, MAGIC, 4, HEADER)) {
            throw HelixException.invalid(
                    "the file is not a core WebAssembly module of version 1; components are not supported");
        }
    }

    ByteCursor cursor(byte[] wasm) {
        return new ByteCursor(wasm, body, end);
    }
}
