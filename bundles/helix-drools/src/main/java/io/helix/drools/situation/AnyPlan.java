package io.helix.drools.situation;

import io.helix.api.situation.Situation;

record AnyPlan(Situation.Any situation, long delay) implements Plan {
    @Override
    public long expiry(HitFact fact) {
        return fact.time();
    }
}
