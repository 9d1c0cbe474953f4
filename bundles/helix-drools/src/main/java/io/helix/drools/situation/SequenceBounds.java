package io.helix.drools.situation;

import io.helix.api.situation.Situation.Sequence;
import io.helix.api.situation.Situation.Step;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** How far the steps of a sequence reach in time. */
final class SequenceBounds {
    /** For a hit that is of no use to those that happen later: until nothing of the same time can come. */
    private static final long SHORTEST = 1;

    private final List<Step> steps;
    private final SequenceShape shape;
    private final long whole;
    private final long[] within;

    SequenceBounds(Sequence sequence, SequenceShape shape) {
        this.steps = sequence.steps();
        this.shape = shape;
        this.whole = sequence.within() == null ? Millis.FOREVER : Millis.positive(sequence.within(), "within");
        this.within = new long[steps.size()];
        Arrays.setAll(within, this::within);
    }

    long whole() {
        return whole;
    }

    Lengths within() {
        return new Lengths(within);
    }

    /** By slot. */
    Lengths keep() {
        return new Lengths(IntStream.range(0, steps.size())
                .mapToLong(slot -> Math.max(SHORTEST, reach(slot)))
                .toArray());
    }

    /** How long after its last event a sequence is decided. */
    long patience() {
        long longest = 0;
        for (int slot = shape.lastPresent() + 1; slot < steps.size(); slot++) {
            longest = Math.max(longest, within[slot]);
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
            return within[slot];
        }
        return shape.isBetween(slot) ? reach(shape.presentBefore(slot)) : SHORTEST;
    }

    /** To the last event, if each of those in between takes as long as it may. */
    private long ownReach(int slot) {
        long sum = 0;
        for (int later = slot + 1; later <= shape.lastPresent(); later++) {
            sum += steps.get(later).absent() ? 0 : within[later];
        }
        return sum;
    }
}
