package io.helix.drools;

import io.helix.api.event.Event;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event as the network sees it: numbered slots, filled when first asked for. The fact class of Drools. One for each
 * event: reused ones would be written by several processors close to each other.
 */
public final class View {
    private static final Logger log = LoggerFactory.getLogger(View.class);
    private static final int NONE = -2;
    private static final int USUAL = 16;

    private final Slots paths;
    private final Event event;
    /** Open addressing by number: most events fill few of the slots there are. The length is a power of two. */
    private @Nullable Slot[] slots = new Slot[USUAL];

    private int filled;
    private int[] deferred = {};
    private int replayedSlot = NONE;
    private int replayedValue;

    View(Slots paths, Event event) {
        this.paths = paths;
        this.event = event;
    }

    Slot slot(int number) {
        Slot slot = slots[number & (slots.length - 1)];
        return slot != null && slot.number() == number ? slot : find(number);
    }

    private Slot find(int number) {
        int place = place(number);
        Slot known = slots[place];
        if (known != null) {
            return known;
        }
        Slot slot = new Slot(number);
        slots[place] = slot;
        filled++;
        if (filled > slots.length / 2) {
            grow();
        }
        fill(slot, number);
        return slot;
    }

    private int place(int number) {
        int place = number & (slots.length - 1);
        Slot slot = slots[place];
        while (slot != null && slot.number() != number) {
            place = (place + 1) & (slots.length - 1);
            slot = slots[place];
        }
        return place;
    }

    private void grow() {
        @Nullable Slot[] before = slots;
        slots = new Slot[before.length * 2];
        for (Slot slot : before) {
            if (slot != null) {
                slots[place(slot.number())] = slot;
            }
        }
    }

    private void fill(Slot slot, int number) {
        FieldPath path = paths.path(number);
        try {
            if (path != null) {
                path.read(event, slot);
            }
        } catch (RuntimeException e) {
            // No event that was parsed gets here. One that does must not cost other rules their match.
            log.warn("Cannot read slot {} of event {}; it counts as absent: {}", number, event.id(), e.toString());
        }
    }

    String typeKey() {
        return event.type();
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
            deferred = Arrays.copyOf(deferred, deferred.length + 1);
            deferred[deferred.length - 1] = number;
        }
        return slot.count() == 1 ? slot.value(0) : null;
    }

    /** The slots with several values that a hash has asked for. */
    int[] deferred() {
        return deferred;
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
