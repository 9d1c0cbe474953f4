package io.helix.runtime.access;

import io.helix.api.HelixException;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.runtime.memory.Tick;

/** An event as it is stored; what must not be stored is refused. */
public final class EventBody {
    private EventBody() {}

    /** @throws HelixException INVALID when it is too large, or of a type that is Helix's own */
    public static byte[] of(Event event) {
        if (event.type().equals(Tick.TYPE)) {
            throw HelixException.invalid("event type '" + Tick.TYPE + "' is Helix's own: choose another");
        }
        byte[] body = EventFormat.write(event);
        if (body.length > EventFormat.MAX_EVENT_BYTES) {
            throw HelixException.invalid("event '" + event.id() + "' has " + body.length + " bytes; "
                    + EventFormat.MAX_EVENT_BYTES + " are allowed");
        }
        return body;
    }
}
