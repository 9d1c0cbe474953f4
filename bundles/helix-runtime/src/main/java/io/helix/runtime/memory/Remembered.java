package io.helix.runtime.memory;

import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The event of a hit, as small as the rule allows. The parsed event is let go as soon as the messages it came with are
 * handled; its bytes are kept only for rules that look at earlier events again.
 */
final class Remembered {
    private final long sequence;
    private final Instant stored;
    private final String id;
    private final String source;
    private byte @Nullable [] body;
    private @Nullable Event event;

    Remembered(long sequence, Instant stored, String id, String source, byte @Nullable [] body, @Nullable Event event) {
        this.sequence = sequence;
        this.stored = stored;
        this.id = id;
        this.source = source;
        this.body = body;
        this.event = event;
    }

    static Remembered of(Arrival arrival, Event event, boolean keep) {
        return new Remembered(
                arrival.sequence(), arrival.stored(), event.id(), event.source(), keep ? arrival.body() : null, event);
    }

    long sequence() {
        return sequence;
    }

    Instant stored() {
        return stored;
    }

    String id() {
        return id;
    }

    String source() {
        return source;
    }

    byte @Nullable [] body() {
        return body;
    }

    /** The CloudEvents identity. */
    String identity() {
        return source + "/" + id;
    }

    /** Null when only the log still has it. */
    @Nullable
    Event event() {
        Event parsed = event;
        return parsed != null || body == null ? parsed : EventFormat.read(body, stored);
    }

    void hold(Event found) {
        event = found;
    }

    void keep(Event found) {
        body = EventFormat.write(found);
    }

    void letGo() {
        event = null;
    }
}
