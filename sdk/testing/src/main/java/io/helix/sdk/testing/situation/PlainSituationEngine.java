package io.helix.sdk.testing.situation;

import io.helix.api.situation.SituationEngine;
import io.helix.api.situation.SituationSession;

/** Says what situations mean by trying all combinations. For tests, and to test others against. */
public final class PlainSituationEngine implements SituationEngine {
    @Override
    public SituationSession open(int partitions, Limits limits) {
        return new PlainSession(limits);
    }
}
