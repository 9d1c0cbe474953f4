package io.helix.wasm;

import io.helix.wasm.HostRefusal.Code;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Moves bytes between Helix and the memory of a guest during one call. Every range is checked, and all are counted. */
final class Transfer {
    private static final long MAX_BYTES = 64L * 1024 * 1024;

    private static final byte[] NOTHING = {};

    private long moved;

    /** Writes {@code bytes} if they fit into {@code capacity}; the range must be in memory in any case. */
    void give(byte[] bytes, int pointer, int capacity, GuestMemory memory) {
        long offset = check(pointer, capacity, memory);
        if (bytes.length <= Integer.toUnsignedLong(capacity)) {
            count(bytes.length);
            memory.write(offset, bytes);
        }
    }

    byte[] take(int pointer, int length, GuestMemory memory) {
        return takeInto(NOTHING, pointer, length, memory);
    }

    /** @param used is overwritten and returned if it has the length: what guests leave behind, all others wait for */
    byte[] takeInto(byte[] used, int pointer, int length, GuestMemory memory) {
        long offset = check(pointer, length, memory);
        count(length);
        byte[] taken = used.length == length ? used : new byte[length];
        memory.read(offset, taken);
        return taken;
    }

    /** Refuses what is longer than {@code most} without copying it. */
    byte[] take(int pointer, int length, int most, Bound bound, String what, GuestMemory memory) throws HostRefusal {
        requireAtMost(pointer, length, most, bound, what, memory);
        return take(pointer, length, memory);
    }

    static void requireAtMost(int pointer, int length, int most, Bound bound, String what, GuestMemory memory)
            throws HostRefusal {
        check(pointer, length, memory);
        if (Integer.compareUnsigned(length, most) > 0) {
            throw HostRefusal.over(
                    bound, what + " has at most " + most + " bytes, not " + Integer.toUnsignedLong(length));
        }
    }

    String text(int pointer, int length, GuestMemory memory) throws HostRefusal {
        if (length == 0) {
            check(pointer, 0, memory);
            return "";
        }
        return utf8(take(pointer, length, memory));
    }

    static String utf8(byte[] bytes) throws HostRefusal {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new HostRefusal(Code.INVALID, "the text is not UTF-8");
        }
    }

    /** The offset of a range that is in memory; any other traps. */
    static long check(int pointer, int length, GuestMemory memory) {
        long offset = Integer.toUnsignedLong(pointer);
        long count = Integer.toUnsignedLong(length);
        if (count > Integer.MAX_VALUE || !memory.contains(offset + count)) {
            throw new GuestTrap("gave Helix a pointer outside of its memory: " + offset + " with length " + count);
        }
        return offset;
    }

    private void count(int bytes) {
        moved += bytes;
        if (moved > MAX_BYTES) {
            throw GuestTrap.over(Bound.MOVED_BYTES, "moved more than " + MAX_BYTES + " bytes through host calls");
        }
    }
}
