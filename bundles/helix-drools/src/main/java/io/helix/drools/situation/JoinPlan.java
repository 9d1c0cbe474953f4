package io.helix.drools.situation;

import io.helix.api.situation.Match;

/** A situation that is made of a combination of hits. */
sealed interface JoinPlan extends Plan permits SequencePlan, AllPlan {
    Shape shape();

    int slots();

    /** Whether it is too early to decide about combinations when their last hit comes. */
    boolean waits();

    /** Whether it waits, and for combinations with {@code fact} as the last. */
    boolean isDecidedLater(HitFact fact);

    /** At what time on the session's clock the combinations that end with {@code last} are decided, if they wait. */
    long deadline(HitFact last);

    /** @param hits in the order of slots, none for absent ones */
    Match match(HitFact[] hits);
}
