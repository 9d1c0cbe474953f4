package io.helix.drools.situation;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hits that are kept for the same length of time, by age. Linked, as one may leave from the middle. */
final class Shelf {
    static final long NEVER = Long.MAX_VALUE;

    /** When it will be looked at, see {@link Alarms}; {@link #NEVER} when nothing is on it. */
    long wakeAt = NEVER;

    private final RuleMemory memory;
    private @Nullable HitFact oldest;
    private @Nullable HitFact newest;
    private int size;

    Shelf(RuleMemory memory) {
        this.memory = memory;
    }

    RuleMemory memory() {
        return memory;
    }

    @Nullable
    HitFact oldest() {
        return oldest;
    }

    @Nullable
    HitFact newest() {
        return newest;
    }

    int size() {
        return size;
    }

    void add(HitFact fact) {
        size++;
        HitFact before = newest;
        while (before != null && HitFact.BY_AGE.compare(before, fact) > 0) {
            before = before.older;
        }
        HitFact after = before == null ? oldest : before.newer;
        fact.older = before;
        fact.newer = after;
        link(before, fact);
        linkBack(fact, after);
    }

    void remove(HitFact fact) {
        size--;
        link(fact.older, fact.newer);
        linkBack(fact.older, fact.newer);
        fact.older = null;
        fact.newer = null;
    }

    void forEach(Consumer<HitFact> action) {
        HitFact fact = oldest;
        while (fact != null) {
            HitFact next = fact.newer;
            action.accept(fact);
            fact = next;
        }
    }

    private void link(@Nullable HitFact before, @Nullable HitFact after) {
        if (before == null) {
            oldest = after;
        } else {
            before.newer = after;
        }
    }

    private void linkBack(@Nullable HitFact before, @Nullable HitFact after) {
        if (after == null) {
            newest = before;
        } else {
            after.older = before;
        }
    }
}
