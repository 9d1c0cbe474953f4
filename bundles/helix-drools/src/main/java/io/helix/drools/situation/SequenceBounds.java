package io.helix.drools.situation;

import io.helix.api.situation.Situation.Sequence;
import io.helix.api.situation.Situation.Step;
import java.util.ArrayList;
import java.util.List;

/** How far the steps of a sequence reach in time. */
final class SequenceBounds {
    /** For a hit that is of no use to those that happen later: until nothing of the same time can come. */
    private static final long SHORTEST = 1;

    private final List<Step> steps;
    private final SequenceShape shape;
    private final long whole;
    private final List<Long> within = new ArrayList<>();

    SequenceBounds(Sequence sequence, SequenceShape shape) {
        this.steps = sequence.steps();
        this.shape = shape;
        this.whole = sequence.within() == null ? Millis.FOREVER : Millis.positive(sequence.within(), "within");
        for (int slot = 0; slot < steps.size(); slot++) {
            within.add(within(slot));
        }
    }

    long whole() {
        return whole;
    }

    List<Long> within() {
        return List.copyOf(within);
    }

    /** By slot. */
    List<Long> keep() {
        List<Long> keep = new ArrayList<>();
        for (int slot = 0; slot < steps.size(); slot++) {
            keep.add(Math.max(SHORTEST, reach(slot)));
        }
        return List.copyOf(keep);
    }

    /** How long after its last event a sequence is decided. */
    long patience() {
        long longest = 0;
        for (int slot = shape.lastPresent() + 1; slot < steps.size(); slot++) {
            longest = Math.max(longest, within.get(slot));
        }
        return shape.waits() ? Math.max(SHORTEST, longest) : 0;
    }

    private long within(int slot) {
        Step step = steps.get(slot);
        if (step.within() != null) {
            return Millis.positive(step.within(), "within of " + step.alias());
        }
        boolean bounded = whole < Millis.FOREVER || slot == shape.firstPresent() || shape.isBetween(slot);
        if (!bounded) {
            throw new IllegalArgumentException("nothing bounds the time of step " + step.alias());
        }
        return whole;
    }

    private long reach(int slot) {
        if (!steps.get(slot).absent()) {
            return Math.min(whole, ownReach(slot)) * (slot == shape.lastPresent() ? 0 : 1) + patience();
        }
        if (slot < shape.firstPresent()) {
            return within.get(slot);
        }
        return shape.isBetween(slot) ? reach(shape.presentBefore(slot)) : SHORTEST;
    }

    /** To the last event, if each of those in between takes as long as it may. */
    private long ownReach(int slot) {
        long sum = 0;
        for (int later = slot + 1; later <= shape.lastPresent(); later++) {
            sum += steps.get(later).absent() ? 0 : within.get(later);
        }
        return sum;
    }
}
