package io.helix.runtime.agent;

/**
 * What becomes of what an agent emits.
 *
 * @param depth how many recipes led to it
 */
public record Emission(boolean isPublished, int depth) {
    /** Goes to the next step, and to nobody else. */
    public static final Emission HANDED_ON = new Emission(false, 0);

    public static Emission published(int depth) {
        return new Emission(true, depth);
    }
}
