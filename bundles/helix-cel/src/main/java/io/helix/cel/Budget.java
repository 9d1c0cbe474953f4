package io.helix.cel;

/** What one evaluation may still spend, in characters and elements touched. Used by one thread. */
final class Budget {
    private long left;

    Budget(long units) {
        left = units;
    }

    void charge(long units) {
        left -= units;
        if (left < 0) {
            throw new Exhausted("the expression does too much work");
        }
    }

    /** An Error, because CEL's {@code ||} and {@code &&} swallow exceptions of one side. */
    static final class Exhausted extends Error {
        private static final long serialVersionUID = 1L;

        Exhausted(String message) {
            super(message, null, false, false);
        }
    }
}
