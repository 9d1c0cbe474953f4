package io.helix.drools.situation;

import io.helix.api.ErrorKind;
import io.helix.api.Health;
import io.helix.api.HealthCheck;
import io.helix.api.HelixException;
import io.helix.api.situation.SituationEngine;
import io.helix.api.situation.SituationSession;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Finds situations with Drools. */
@Component(service = {SituationEngine.class, HealthCheck.class})
public final class DroolsSituationEngine implements SituationEngine, HealthCheck {
    private final CompletableFuture<Void> warm = SessionWarmUp.start();

    @Activate
    public DroolsSituationEngine() {}

    @Override
    public SituationSession open(int partitions, Limits limits) {
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions must be at least 1, is " + partitions);
        }
        awaitWarm();
        return new DroolsSession(partitions, limits);
    }

    @Override
    public Health health() {
        if (!warm.isDone()) {
            return new Health("situations", Health.State.STARTING, "the engine for situations is starting");
        }
        return warm.isCompletedExceptionally()
                ? new Health("situations", Health.State.DOWN, "the engine did not start; the log says why")
                : new Health("situations", Health.State.UP, "situations are found");
    }

    private void awaitWarm() {
        try {
            warm.join();
        } catch (CompletionException e) {
            throw new HelixException(
                    ErrorKind.UNAVAILABLE, "the engine for situations did not start; the log says why", e);
        }
    }
}
