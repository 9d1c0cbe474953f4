package io.helix.drools;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values one event has at one path. */
final class Slot {
    private static final int FEW = 8;
    private static final Value[] NONE = {};

    private final int number;
    private Value[] values = NONE;
    private int count;
    private boolean deferred;
    private @Nullable Set<String> texts;

    Slot(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** Whether the rules indexed by this path are left for later; remembers that they are now. */
    boolean markDeferred() {
        boolean before = deferred;
        deferred = true;
        return before;
    }

    void add(String text) {
        add(new Value(text));
    }

    void add(JsonNode node) {
        add(new Value(node));
    }

    private void add(Value value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, Math.max(1, count * 2));
        }
        values[count++] = value;
    }

    int count() {
        return count;
    }

    Value value(int i) {
        return values[i];
    }

    /** Whether some value is this text. Long lists get a set, so that many rules can ask. */
    boolean hasText(String wanted) {
        if (count > FEW) {
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
}
