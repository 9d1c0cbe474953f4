package io.helix.drools.situation;

import io.helix.api.situation.Match;
import io.helix.api.situation.Situation;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;

record AllPlan(Situation.All situation, long within, long delay) implements JoinPlan {
    /** One whose hits make nothing. */
    static AllPlan barren(int slots) {
        return new AllPlan(new Situation.All(Collections.nCopies(slots, ""), Duration.ZERO), 0, 0);
    }

    /** Two of the hits. */
    boolean together(HitFact one, HitFact other) {
        return one.order() != other.order() && Math.abs(one.time() - other.time()) < within;
    }

    @Override
    public Shape shape() {
        return new AllShape(slots());
    }

    @Override
    public int slots() {
        return situation.aliases().size();
    }

    @Override
    public boolean waits() {
        return false;
    }

    @Override
    public boolean isDecidedLater(HitFact fact) {
        return false;
    }

    @Override
    public long deadline(HitFact last) {
        return Shelf.NEVER;
    }

    @Override
    public long expiry(HitFact fact) {
        return fact.time() + delay + within;
    }

    @Override
    public Match match(HitFact[] hits) {
        return Matches.of(hits, Instant.ofEpochMilli(Matches.lastTime(hits)));
    }
}
