package io.helix.drools.situation;

import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import io.helix.api.situation.Situation;
import java.util.Map;

record AnyPlan(Situation.Any situation, long delay) implements Plan {
    Match match(Hit hit) {
        return new Match(hit.rule(), hit.key(), hit.time(), Map.of(hit.alias(), hit), null);
    }

    @Override
    public long expiry(HitFact fact) {
        return fact.time();
    }
}
