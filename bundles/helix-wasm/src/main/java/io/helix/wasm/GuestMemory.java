package io.helix.wasm;

/** The linear memory of a guest. Offsets have been checked by the caller. */
interface GuestMemory {
    /** Whether everything before {@code end} is inside. */
    boolean contains(long end);

    void read(long offset, byte[] into);

    void write(long offset, byte[] bytes);
}
