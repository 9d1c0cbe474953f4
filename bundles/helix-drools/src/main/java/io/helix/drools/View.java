package io.helix.drools;

import io.helix.api.event.Event;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An event as the network sees it: numbered slots, filled when first asked for. The fact class of Drools. */
public final class View {
    private final Slots paths;
    private @Nullable Event event;
    private Slot[] slots = new Slot[0];
    private int[] touched = new int[0];
    private int touchedCount;
    private int[] deferred = new int[0];
    private int deferredCount;

    View(Slots paths) {
        this.paths = paths;
    }

    void open(Event next) {
        event = next;
        int known = slots.length;
        if (known < paths.capacity()) {
            slots = Arrays.copyOf(slots, paths.capacity());
            touched = Arrays.copyOf(touched, slots.length);
            deferred = Arrays.copyOf(deferred, slots.length);
            for (int i = known; i < slots.length; i++) {
                slots[i] = new Slot();
            }
        }
    }

    void close() {
        for (int i = 0; i < touchedCount; i++) {
            slots[touched[i]].clear();
        }
        touchedCount = 0;
        deferredCount = 0;
        event = null;
    }

    Slot slot(int number) {
        Slot slot = slots[number];
        if (!slot.markRead()) {
            touched[touchedCount++] = number;
            fill(slot, number);
        }
        return slot;
    }

    private void fill(Slot slot, int number) {
        FieldPath path = paths.path(number);
        if (path != null && event != null) {
            path.read(event, slot);
        }
    }

    @Nullable
    String typeKey() {
        return event == null ? null : event.type();
    }

    @Nullable
    String textKey(int number) {
        Value value = only(number);
        return value == null ? null : value.text();
    }

    @Nullable
    String numberKey(int number) {
        Value value = only(number);
        return value == null ? null : value.numberKey();
    }

    /**
     * A hash finds one value. Where an event has several the rules indexed by that slot are noted as still to be
     * checked.
     */
    private @Nullable Value only(int number) {
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
}
