package io.helix.wasm;

/** What is bounded in a call, beside its time and its memory. */
enum Bound {
    HOST_CALLS("hostCalls"),
    EVENTS("events"),
    EVENT_BYTES("eventBytes"),
    OUTPUT_BYTES("outputBytes"),
    LOG_LINES("logLines"),
    KEPT_VALUES("keptValues"),
    HTTP_ANSWER("httpAnswer"),
    RANDOM_BYTES("randomBytes"),
    MOVED_BYTES("movedBytes"),
    DENIALS("denials");

    private final String word;

    Bound(String word) {
        this.word = word;
    }

    /** As in a manifest, if it can be asked for there. */
    String word() {
        return word;
    }
}
