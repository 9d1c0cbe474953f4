package io.helix.wasm;

import org.jspecify.annotations.Nullable;

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

    /** What a manifest does not ask for, in the words of the policies. */
    record NotAsked(String action, String resourceType, String name) {}

    private final Code code;
    private final transient @Nullable NotAsked notAsked;
    private final @Nullable Bound bound;

    HostRefusal(Code code, String message) {
        this(code, message, null, null);
    }

    private HostRefusal(Code code, String message, @Nullable NotAsked notAsked, @Nullable Bound bound) {
        super(ShownText.shortened(message), null, false, false);
        this.code = code;
        this.notAsked = notAsked;
        this.bound = bound;
    }

    /** The manifest does not ask for it, so that no policy is asked. */
    static HostRefusal notAsked(String action, String resourceType, String name, String capability) {
        return new HostRefusal(
                Code.DENIED,
                "the manifest of the plugin does not ask for capability " + capability,
                new NotAsked(action, resourceType, ShownText.of(name)),
                null);
    }

    static HostRefusal over(Bound bound, String message) {
        return new HostRefusal(Code.LIMIT, message, null, bound);
    }

    /** Which bound was exceeded, of a refusal with {@link Code#LIMIT}. */
    @Nullable
    Bound bound() {
        return bound;
    }

    @Nullable
    NotAsked notAsked() {
        return notAsked;
    }

    Code code() {
        return code;
    }

    String message() {
        return String.valueOf(getMessage());
    }
}
