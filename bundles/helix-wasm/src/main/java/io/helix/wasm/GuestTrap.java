package io.helix.wasm;

/** The guest did what it must not do; its instance cannot be trusted any more. */
final class GuestTrap extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What it did. */
    enum Kind {
        TRAPPED,
        /** Exceeded a bound of one call in a way that it cannot go on from. */
        OVER_LIMIT,
        /** Its {@code helix_init} did not return 0; the message has its reason. */
        REFUSED_TO_START
    }

    private final Kind kind;

    private GuestTrap(Kind kind, String message) {
        super(ShownText.of(message)); // the engine quotes names of the module
        this.kind = kind;
    }

    GuestTrap(String message) {
        this(Kind.TRAPPED, message);
    }

    static GuestTrap overLimit(String message) {
        return new GuestTrap(Kind.OVER_LIMIT, message);
    }

    static GuestTrap refusedToStart(int code, String reason) {
        return new GuestTrap(Kind.REFUSED_TO_START, "refused to start (" + code + "): " + reason);
    }

    Kind kind() {
        return kind;
    }

    String message() {
        return String.valueOf(getMessage());
    }
}
