package io.helix.drools.situation;

import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/** Makes matches of facts. */
final class Matches {
    /** Does not depend on which partition found them. */
    static final Comparator<Match> BY_COMPLETION = Comparator.comparing(Match::time)
            .thenComparingLong(match -> match.last().order())
            .thenComparing(Match::rule)
            .thenComparing(Match::key);

    private Matches() {}

    static Match of(HitFact[] facts, Instant time) {
        Map<String, Hit> hits = new HashMap<>();
        for (HitFact fact : facts) {
            hits.put(fact.hit().alias(), fact.hit());
        }
        Hit any = facts[0].hit();
        return new Match(any.rule(), any.key(), time, hits, null);
    }

    static long lastTime(HitFact[] facts) {
        long last = facts[0].time();
        for (HitFact fact : facts) {
            last = Math.max(last, fact.time());
        }
        return last;
    }
}
