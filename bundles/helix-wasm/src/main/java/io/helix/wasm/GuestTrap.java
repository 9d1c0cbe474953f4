package io.helix.wasm;

/** The guest did what it must not do; its instance cannot be trusted any more. */
final class GuestTrap extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GuestTrap(String message) {
        super(message);
    }

    String message() {
        return String.valueOf(getMessage());
    }
}
