package io.helix.drools.situation;

import io.helix.api.situation.Hit;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.kie.api.runtime.rule.FactHandle;

/** A hit as Drools sees it, and its place on its {@link Shelf}. There can be millions. */
final class HitFact {
    /** Earlier in time, then in the log, then in the rule. */
    static final Comparator<HitFact> BY_AGE = Comparator.comparingLong(HitFact::time)
            .thenComparingLong(HitFact::order)
            .thenComparingInt(HitFact::slot);

    private final Lane lane;
    private final Hit hit;
    private final int slot;
    private final long time;
    private final long arrival;

    @Nullable
    FactHandle handle;

    @Nullable
    HitFact older;

    @Nullable
    HitFact newer;

    /**
     * @param slot the place of its alias in the situation
     * @param arrival a running number in the order in which hits were handed in
     */
    HitFact(Lane lane, Hit hit, int slot, long time, long arrival) {
        this.lane = lane;
        this.hit = hit;
        this.slot = slot;
        this.time = time;
        this.arrival = arrival;
    }

    Lane lane() {
        return lane;
    }

    Hit hit() {
        return hit;
    }

    int slot() {
        return slot;
    }

    long time() {
        return time;
    }

    long arrival() {
        return arrival;
    }

    long order() {
        return hit.order();
    }

    /** Whether it is in the working memory. */
    boolean isKept() {
        return handle != null;
    }

    boolean isAfter(HitFact other) {
        return time > other.time || time == other.time && order() > other.order();
    }
}
