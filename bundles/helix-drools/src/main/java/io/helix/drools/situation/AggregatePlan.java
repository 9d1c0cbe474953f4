package io.helix.drools.situation;

import io.helix.api.situation.Situation;

record AggregatePlan(Situation.Aggregate situation, long length, long delay) implements Plan {
    static AggregatePlan of(Situation.Aggregate aggregate, long delay) {
        return new AggregatePlan(aggregate, Millis.positive(aggregate.window().length(), "length"), delay);
    }

    @Override
    public long expiry(HitFact fact) {
        return fact.time() + length + delay;
    }
}
