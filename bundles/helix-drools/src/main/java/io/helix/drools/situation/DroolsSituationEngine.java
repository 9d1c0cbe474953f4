package io.helix.drools.situation;

import io.helix.api.situation.SituationEngine;
import io.helix.api.situation.SituationSession;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Finds situations with Drools. */
@Component(service = SituationEngine.class)
public final class DroolsSituationEngine implements SituationEngine {
    @Activate
    public DroolsSituationEngine() {}

    @Override
    public SituationSession open(int partitions, Limits limits) {
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions must be at least 1, is " + partitions);
        }
        return new DroolsSession(partitions, limits);
    }
}
