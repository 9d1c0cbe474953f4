package io.helix.drools.situation;

/** A length of time for each slot, in milliseconds. */
final class Lengths {
    private final long[] millis;

    Lengths(long[] millis) {
        this.millis = millis.clone();
    }

    long of(int slot) {
        return millis[slot];
    }
}
