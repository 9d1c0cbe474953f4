package io.helix.drools.situation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes what Drools finds because of one hit or tick, and counts how much it had to look at. */
final class Collector {
    /** What looking at a hit costs of what trying a combination costs. */
    private static final int LOOKS_PER_TRY = 100;

    private final long limit;
    private final List<HitFact[]> candidates = new ArrayList<>();
    private final List<HitFact> spoilt = new ArrayList<>();
    private @Nullable HitFact current;
    private long effort;

    Collector(int mostCandidates) {
        this.limit = (long) mostCandidates * LOOKS_PER_TRY;
    }

    void begin(HitFact because) {
        current = because;
        candidates.clear();
        spoilt.clear();
        effort = 0;
    }

    /** Counts a combination; false when there were too many. */
    boolean tries() {
        effort += LOOKS_PER_TRY;
        return effort <= limit;
    }

    /** Counts a hit that might spoil a combination; false when there were too many. */
    boolean looks() {
        effort++;
        return effort <= limit;
    }

    boolean isExhausted() {
        return effort > limit;
    }

    /** Drools also reports what has become possible because others are gone; that is not asked for. */
    void candidate(Object... facts) {
        HitFact[] hits = Arrays.copyOf(facts, facts.length, HitFact[].class);
        for (HitFact hit : hits) {
            if (hit.equals(current)) {
                candidates.add(hits);
            }
        }
    }

    void spoilt(HitFact fact) {
        spoilt.add(fact);
    }

    List<HitFact[]> candidates() {
        return candidates;
    }

    List<HitFact> spoilt() {
        return spoilt;
    }
}
