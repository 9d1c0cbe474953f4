package io.helix.api.event;

import java.time.Duration;

/** What becomes of a delivered message. */
public sealed interface Disposition {
    /** Done; not delivered to this consumer again. */
    record Acknowledge() implements Disposition {}

    /**
     * Deliver again; a dead letter after the last attempt.
     *
     * @param after the least time to wait
     */
    record Retry(Duration after, String reason) implements Disposition {}

    /** Never deliver again: a dead letter at once. */
    record Reject(String reason) implements Disposition {}

    Disposition ACKNOWLEDGE = new Acknowledge();
}
