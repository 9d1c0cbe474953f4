package io.helix.drools;

import io.helix.api.event.Event;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An event as the network sees it: numbered slots, filled when first asked for. The fact class of Drools. */
public final class View {
    private static final Logger log = LoggerFactory.getLogger(View.class);
    private static final int NONE = -2;

    private final Slots paths;
    private @Nullable Event event;
    private @Nullable Slot[] slots = {};
    private int[] touched = {};
    private int touchedCount;
    private int[] deferred = {};
    private int deferredCount;
    private int replayedSlot = NONE;
    private int replayedValue;

    View(Slots paths) {
        this.paths = paths;
    }

    void open(Event next) {
        event = next;
        int capacity = paths.capacity();
        if (slots.length < capacity) {
            slots = Arrays.copyOf(slots, capacity);
            touched = Arrays.copyOf(touched, capacity);
            deferred = Arrays.copyOf(deferred, capacity);
        }
    }

    void close() {
        for (int i = 0; i < touchedCount; i++) {
            Slot slot = slots[touched[i]];
            if (slot != null) {
                slot.clear();
            }
        }
        touchedCount = 0;
        deferredCount = 0;
        replayedSlot = NONE;
        event = null;
    }

    Slot slot(int number) {
        Slot slot = slots[number];
        if (slot == null) {
            slot = new Slot();
            slots[number] = slot;
        }
        if (!slot.markRead()) {
            touched[touchedCount++] = number;
            fill(slot, number);
        }
        return slot;
    }

    private void fill(Slot slot, int number) {
        FieldPath path = paths.path(number);
        try {
            if (path != null && event != null) {
                path.read(event, slot);
            }
        } catch (RuntimeException e) {
            // No event that was parsed gets here. One that does must not cost other rules their match.
            log.warn("Cannot read {} of event {}; what follows counts as absent", path, event, e);
        }
    }

    @Nullable
    String typeKey() {
        return event == null ? null : event.type();
    }

    @Nullable
    String textKey(int number) {
        Value value = hashed(number);
        return value == null ? null : value.text();
    }

    @Nullable
    String numberKey(int number) {
        Value value = hashed(number);
        return value == null ? null : value.numberKey();
    }

    /** A hash finds one value. A slot with several is noted, to be replayed value by value. */
    private @Nullable Value hashed(int number) {
        if (replayedSlot != NONE) {
            return number == replayedSlot ? slot(number).value(replayedValue) : null;
        }
        Slot slot = slot(number);
        if (slot.count() > 1 && !slot.markDeferred()) {
            deferred[deferredCount++] = number;
        }
        return slot.count() == 1 ? slot.value(0) : null;
    }

    int deferredCount() {
        return deferredCount;
    }

    int deferred(int i) {
        return deferred[i];
    }

    /** From now on the hashes find this value, and nothing in other slots. */
    void replay(int slot, int value) {
        replayedSlot = slot;
        replayedValue = value;
    }

    /** Whether a bucket that hangs below this slot, or below none, has still to be looked at. */
    boolean isDue(int slot) {
        return replayedSlot == NONE || replayedSlot == slot;
    }
}
