package io.helix.api;

/**
 * How one part of Helix is.
 *
 * @param part e.g. {@code nats}
 * @param detail one sentence for the operator; what to do when it is not UP
 */
public record Health(String part, State state, String detail) {
    /** Ordered from good to bad. */
    public enum State {
        UP,
        /** Works with less than it should, e.g. WASM without its compiler. Ready all the same. */
        DEGRADED,
        /** Not there yet; expected to come up by itself. Not ready. */
        STARTING,
        /** Needs the operator. Not ready. */
        DOWN
    }
}
