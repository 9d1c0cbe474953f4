package io.helix.wasm;

/** The guest did what it must not do; its instance cannot be trusted any more. */
final class GuestTrap extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean limit;

    private GuestTrap(String message, boolean limit) {
        super(ShownText.of(message)); // the engine quotes names of the module
        this.limit = limit;
    }

    GuestTrap(String message) {
        this(message, false);
    }

    /** A bound of one call was exceeded in a way that the guest cannot go on from. */
    static GuestTrap overLimit(String message) {
        return new GuestTrap(message, true);
    }

    boolean isLimit() {
        return limit;
    }

    String message() {
        return String.valueOf(getMessage());
    }
}
