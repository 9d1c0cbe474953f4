package io.helix.api.recipe;

/** Where a run is. */
public enum RunState {
    RUNNING,
    SUCCEEDED,
    FAILED;

    public boolean ended() {
        return this != RUNNING;
    }
}
