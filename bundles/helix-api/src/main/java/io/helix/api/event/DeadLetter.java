package io.helix.api.event;

/** Headers of a message in {@link Channel#DEAD_LETTERS}. Its body is the original body, its route the original route. */
public final class DeadLetter {
    public static final String REASON = "Helix-Reason";
    public static final String CHANNEL = "Helix-Channel";
    public static final String SEQUENCE = "Helix-Sequence";
    public static final String ATTEMPTS = "Helix-Attempts";
    /** The id under which the original was published. */
    public static final String ORIGINAL_ID = "Helix-Original-Id";

    private DeadLetter() {}
}
