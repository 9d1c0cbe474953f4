package io.helix.api.recipe;

/** Where a step is. */
public enum StepState {
    SUCCEEDED,
    FAILED,
    /** Its condition was false, or a step it needs did not succeed. */
    SKIPPED
}
