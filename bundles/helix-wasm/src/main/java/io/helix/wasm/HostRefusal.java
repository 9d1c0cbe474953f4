package io.helix.wasm;

/** A host call that the guest is told has failed, with an error code of ABI helix/1 and a text. */
final class HostRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    /** The error codes of ABI helix/1. */
    enum Code {
        NOT_FOUND(-1),
        DENIED(-2),
        INVALID(-3),
        LIMIT(-4),
        UNAVAILABLE(-5),
        INTERNAL(-6),
        UNSUPPORTED(-7);

        private final int number;

        Code(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    private final Code code;

    HostRefusal(Code code, String message) {
        super(ShownText.shortened(message), null, false, false);
        this.code = code;
    }

    Code code() {
        return code;
    }

    String message() {
        return String.valueOf(getMessage());
    }
}
