package io.helix.drools.situation;

import io.helix.api.situation.Match;
import io.helix.api.situation.Situation.Sequence;
import io.helix.api.situation.Situation.Step;
import java.time.Instant;
import java.util.List;

/**
 * @param shape which steps are absent
 * @param within by slot: from the event before; for absent steps at the beginning and the end how far they reach
 * @param whole from the first event to the last
 * @param keep by slot: how long a hit matters
 * @param patience how long after its last event a sequence is decided
 */
record SequencePlan(
        Sequence situation, SequenceShape shape, Lengths within, long whole, Lengths keep, long patience, long delay)
        implements JoinPlan {

    static SequencePlan of(Sequence sequence, long delay) {
        List<Boolean> absent = sequence.steps().stream().map(Step::absent).toList();
        if (!absent.contains(false)) {
            throw new IllegalArgumentException("all steps are absent");
        }
        SequenceShape shape = SequenceShape.of(absent, delay > 0);
        SequenceBounds bounds = new SequenceBounds(sequence, shape);
        return new SequencePlan(
                sequence, shape, bounds.within(), bounds.whole(), bounds.keep(), bounds.patience(), delay);
    }

    /** One whose hits make nothing. */
    static SequencePlan barren(SequenceShape shape) {
        List<Step> steps = shape.absent().stream()
                .map(absent -> new Step("", absent, null))
                .toList();
        Lengths none = new Lengths(new long[steps.size()]);
        return new SequencePlan(new Sequence(steps, null), shape, none, 0, none, 0, 0);
    }

    boolean follows(HitFact next, HitFact before) {
        return next.isAfter(before) && next.time() - before.time() < within.of(next.slot());
    }

    boolean inWhole(HitFact next, HitFact first) {
        return next.time() - first.time() < whole;
    }

    boolean between(HitFact absent, HitFact before, HitFact after) {
        return absent.isAfter(before) && after.isAfter(absent);
    }

    /** An absent step at the beginning. */
    boolean spoilsFirst(HitFact absent, HitFact first) {
        return first.isAfter(absent) && first.time() - absent.time() < within.of(absent.slot());
    }

    /** An absent step at the end. */
    boolean spoilsLast(HitFact absent, HitFact last) {
        return absent.isAfter(last) && absent.time() - last.time() < within.of(absent.slot());
    }

    @Override
    public boolean isLookedForAgain(HitFact fact) {
        return shape.absent().get(fact.slot());
    }

    @Override
    public boolean isKinOf(Plan other) {
        return JoinPlan.super.isKinOf(other) && other instanceof SequencePlan plan && plan.shape.equals(shape);
    }

    @Override
    public int slots() {
        return shape.absent().size();
    }

    @Override
    public boolean waits() {
        return shape.waits();
    }

    @Override
    public boolean isDecidedLater(HitFact fact) {
        return waits() && fact.slot() == shape.lastPresent();
    }

    @Override
    public long deadline(HitFact last) {
        return last.time() + patience + delay;
    }

    @Override
    public long expiry(HitFact fact) {
        return fact.time() + delay + keep.of(fact.slot());
    }

    @Override
    public Match match(HitFact[] hits) {
        long last = hits[hits.length - 1].time();
        return Matches.of(hits, Instant.ofEpochMilli(shape.endsAbsent() ? last + patience : last));
    }
}
