package io.helix.runtime.memory;

import io.helix.api.HelixException;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.api.event.StoredMessage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message of the log, as rules with a memory see it: the only thing that moves their clock.
 *
 * @param stored in whole milliseconds
 * @param event null when the message only tells the time, or cannot be read
 * @param body the event as it is stored
 */
public record Arrival(
        long sequence, Instant stored, @Nullable Event event, byte[] body) {

    public static Arrival of(StoredMessage message) {
        return new Arrival(
                message.sequence(),
                message.stored().truncatedTo(ChronoUnit.MILLIS),
                Tick.is(message) ? null : read(message),
                message.body());
    }

    /** What cannot be read becomes a dead letter where it is matched for the first time, not here. */
    private static @Nullable Event read(StoredMessage message) {
        try {
            return EventFormat.read(message.body(), message.stored());
        } catch (HelixException e) {
            return null;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Arrival that
                && sequence == that.sequence
                && stored.equals(that.stored)
                && Objects.equals(event, that.event)
                && Arrays.equals(body, that.body);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(sequence);
    }
}
