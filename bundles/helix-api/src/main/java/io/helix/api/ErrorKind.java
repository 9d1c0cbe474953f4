package io.helix.api;

/** Why something failed, seen from the caller. Each edge translates a kind once. */
public enum ErrorKind {
    /** The caller's input is wrong; the same call will fail again. */
    INVALID,
    /** What the call names does not exist. */
    NOT_FOUND,
    /** The state of the thing named does not allow the call, e.g. a stale revision. */
    CONFLICT,
    /** Policy forbids the call, or the caller is not known. */
    FORBIDDEN,
    /** Something needed is away or full; the same call may succeed later. */
    UNAVAILABLE,
    /** A defect or a broken installation. */
    INTERNAL;

    /** Whether repeating the same call can succeed without a change by the caller. */
    public boolean retryable() {
        return this == UNAVAILABLE;
    }
}
