package io.helix.drools.situation;

import io.helix.api.situation.Hit;
import java.util.Comparator;
import org.drools.core.common.DefaultFactHandle;
import org.jspecify.annotations.Nullable;

/**
 * A hit as Drools sees it, and its place on its {@link Shelf}. There can be millions, so it is its own handle: Drools need
 * not find one by the other.
 */
final class HitFact extends DefaultFactHandle {
    private static final long serialVersionUID = 1L;

    /** Earlier in time, then in the log, then in the rule. */
    static final Comparator<HitFact> BY_AGE = HitFact::compareAge;

    private final transient Home home;
    private final transient Hit hit;
    private final transient String key;
    private final int slot;

    transient @Nullable HitFact older;

    transient @Nullable HitFact newer;

    /**
     * @param slot the place of its alias in the situation
     * @param arrival a running number in the order in which hits were handed in
     */
    HitFact(Home home, Hit hit, int slot, long time, long arrival) {
        super(arrival, Long.hashCode(arrival), null, time, home.memory().place().entryPoint());
        this.home = home;
        this.hit = hit;
        this.key = hit.key();
        this.slot = slot;
        setKept(false);
    }

    private static int compareAge(HitFact one, HitFact other) {
        int byTime = Long.compare(one.time(), other.time());
        int byOrder = byTime != 0 ? byTime : Long.compare(one.order(), other.order());
        return byOrder != 0 ? byOrder : Integer.compare(one.slot, other.slot);
    }

    @Override
    public Object getObject() {
        return this;
    }

    Home home() {
        return home;
    }

    RuleMemory memory() {
        return home.memory();
    }

    Plan plan() {
        return memory().plan();
    }

    String key() {
        return key;
    }

    Hit hit() {
        return hit;
    }

    int slot() {
        return slot;
    }

    long time() {
        return getRecency();
    }

    long arrival() {
        return getId();
    }

    long order() {
        return hit.order();
    }

    /** Whether it is in the working memory. */
    boolean isKept() {
        return !isDisconnected();
    }

    void setKept(boolean kept) {
        setDisconnected(!kept);
    }

    boolean isAfter(HitFact other) {
        return time() > other.time() || time() == other.time() && order() > other.order();
    }

    /** Arrivals are not repeated. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(arrival());
    }
}
