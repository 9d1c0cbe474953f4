package io.helix.drools.situation;

import io.helix.api.situation.Situation;
import java.time.Duration;

/** A situation made ready to be found: slots instead of aliases, milliseconds instead of durations. */
sealed interface Plan permits JoinPlan, AnyPlan, AggregatePlan {
    Situation situation();

    /** How much later than it happened a hit may come, in milliseconds. */
    long delay();

    /** The first time at which the clock says that {@code fact} matters no more. */
    long expiry(HitFact fact);

    /** @throws IllegalArgumentException when the situation has no bounds or no sense */
    static Plan of(Situation situation, Duration delay) {
        if (situation.aliases().stream().distinct().count()
                != situation.aliases().size()) {
            throw new IllegalArgumentException("an alias occurs twice: " + situation.aliases());
        }
        long lag = Millis.ceil(delay);
        return switch (situation) {
            case Situation.Sequence sequence -> SequencePlan.of(sequence, lag);
            case Situation.All all -> new AllPlan(all, Millis.positive(all.within(), "within"), lag);
            case Situation.Any any -> new AnyPlan(any, lag);
            case Situation.Aggregate aggregate -> AggregatePlan.of(aggregate, lag);
        };
    }

    /** Whether Drools has to look for another hit in place of {@code fact} when that goes. */
    default boolean isLookedForAgain(HitFact fact) {
        return false;
    }

    /** Whether it differs from another one only in its delay, and what is known about hits stays true. */
    default boolean isKinOf(Plan other) {
        return situation().equals(other.situation());
    }

    /** The place of an alias in the situation; negative when it has no such alias. */
    default int slot(String alias) {
        return situation().aliases().indexOf(alias);
    }
}
