package io.helix.api.event;

/** The durable streams of a profile. */
public enum Channel {
    /** Events, kept for a time; read by every interested consumer. */
    EVENTS,
    /** Triggers, a work queue: a message is gone once acknowledged. Refuses new messages when full. */
    TRIGGERS,
    /** What was decided and done, in order; projected to the store. */
    JOURNAL,
    /** Messages given up on, kept for people. */
    DEAD_LETTERS
}
