package io.helix.drools.situation;

import io.helix.api.situation.Hit;
import java.time.Instant;

/** Hits that may be brought together: of one rule and one key. */
sealed class Lane permits WindowLane {
    private static final Hit NO_HIT = new Hit("", "", "", Instant.EPOCH, -1, null, null);

    private final RuleMemory memory;
    private final String key;
    private int size;

    Lane(RuleMemory memory, String key) {
        this.memory = memory;
        this.key = key;
    }

    /** One for facts that make nothing. */
    static Lane barren(Plan plan, Place place) {
        return new Lane(new RuleMemory(new SituationRule("", plan, match -> false), place), "");
    }

    HitFact sentinel(int slot) {
        return new HitFact(this, NO_HIT, slot, 0, -1 - slot);
    }

    final RuleMemory memory() {
        return memory;
    }

    final Plan plan() {
        return memory.plan();
    }

    final String key() {
        return key;
    }

    /** What it is known by within its rule. */
    Object id() {
        return key;
    }

    /** Where its hits are. */
    Shelf shelf(int slot) {
        return memory.shelf(slot);
    }

    final int size() {
        return size;
    }

    final void resize(int change) {
        size += change;
    }
}
