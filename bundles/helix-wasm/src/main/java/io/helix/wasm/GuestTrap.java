package io.helix.wasm;

import org.jspecify.annotations.Nullable;

/** The guest did what it must not do; its instance cannot be trusted any more. */
final class GuestTrap extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What it did. */
    enum Kind {
        TRAPPED,
        /** Exceeded a bound of one call in a way that it cannot go on from. */
        OVER_LIMIT,
        /** Had no time left when it asked Helix, or before it had its answer. */
        OVER_TIME,
        /** Its {@code helix_init} did not return 0; the message has its reason. */
        REFUSED_TO_START
    }

    private final Kind kind;
    private final @Nullable Bound bound;

    private GuestTrap(Kind kind, @Nullable Bound bound, String message) {
        super(ShownText.of(message)); // the engine quotes names of the module
        this.kind = kind;
        this.bound = bound;
    }

    GuestTrap(String message) {
        this(Kind.TRAPPED, null, message);
    }

    static GuestTrap over(Bound bound, String message) {
        return new GuestTrap(Kind.OVER_LIMIT, bound, message);
    }

    static GuestTrap overTime() {
        return new GuestTrap(Kind.OVER_TIME, null, "had no time left");
    }

    static GuestTrap refusedToStart(int code, String reason) {
        return new GuestTrap(Kind.REFUSED_TO_START, null, "refused to start (" + code + "): " + reason);
    }

    Kind kind() {
        return kind;
    }

    /** Which bound was exceeded, of a trap of kind {@link Kind#OVER_LIMIT}. */
    @Nullable
    Bound bound() {
        return bound;
    }

    String message() {
        return String.valueOf(getMessage());
    }
}
