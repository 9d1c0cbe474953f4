package io.helix.drools;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values one event has at one path. */
final class Slot {
    private static final int KEPT = 8;

    private Value[] values = {new Value()};
    private int count;
    private boolean read;
    private boolean deferred;
    private @Nullable Set<String> texts;

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

    /** Whether some value is this text. Long lists get a set, so that many rules can ask. */
    boolean hasText(String wanted) {
        if (count > KEPT) {
            return texts().contains(wanted);
        }
        for (int i = 0; i < count; i++) {
            if (wanted.equals(values[i].text())) {
                return true;
            }
        }
        return false;
    }

    private Set<String> texts() {
        Set<String> known = texts;
        if (known == null) {
            known = new HashSet<>();
            for (int i = 0; i < count; i++) {
                String text = values[i].text();
                if (text != null) {
                    known.add(text);
                }
            }
            texts = known;
        }
        return known;
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
        texts = null;
        count = 0;
        read = false;
        deferred = false;
    }
}
