package io.helix.drools;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;

/** The values one event has at one path. */
final class Slot {
    private static final int KEPT = 8;

    private Value[] values = {new Value()};
    private int count;
    private boolean read;
    private boolean deferred;

    /** Whether this event has been looked up; remembers that it is now. */
    boolean markRead() {
        boolean before = read;
        read = true;
        return before;
    }

    /** Whether the rules indexed by this path are left for later; remembers that they are now. */
    boolean markDeferred() {
        boolean before = deferred;
        deferred = true;
        return before;
    }

    void add(String text) {
        next().text(text);
    }

    void add(JsonNode node) {
        next().node(node);
    }

    private Value next() {
        if (count == values.length) {
            values = Arrays.copyOf(values, count * 2);
            for (int i = count; i < values.length; i++) {
                values[i] = new Value();
            }
        }
        return values[count++];
    }

    int count() {
        return count;
    }

    Value value(int i) {
        return values[i];
    }

    /** Forgets the event, so that a pooled view does not keep it in memory. */
    void clear() {
        if (values.length > KEPT) {
            values = new Value[] {new Value()};
        } else {
            for (int i = 0; i < count; i++) {
                values[i].clear();
            }
        }
        count = 0;
        read = false;
        deferred = false;
    }
}
