package io.helix.wasm;

/** The linear memory of a guest. Offsets have been checked by the caller. */
interface GuestMemory {
    long size();

    void read(long offset, byte[] into);

    void write(long offset, byte[] bytes);
}
