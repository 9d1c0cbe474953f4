package io.helix.drools.situation;

import io.helix.api.rule.ValueTest.NumericRange;
import io.helix.api.situation.Hit;
import io.helix.api.situation.Situation;
import io.helix.api.situation.Situation.Aggregate;
import io.helix.api.situation.Situation.Measure;
import io.helix.api.situation.Situation.Sequence;
import io.helix.api.situation.Situation.Sliding;
import io.helix.api.situation.Situation.Step;
import io.helix.api.situation.SituationEngine.Limits;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds a first situation of each kind, with our context class loader: see {@code io.helix.drools.WarmUp}. */
final class SessionWarmUp implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(SessionWarmUp.class);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final CompletableFuture<Void> done = new CompletableFuture<>();

    private SessionWarmUp() {}

    static CompletableFuture<Void> start() {
        SessionWarmUp warmUp = new SessionWarmUp();
        Thread thread = new Thread(warmUp, "helix-situations-warm-up");
        thread.setDaemon(true);
        thread.setContextClassLoader(SessionWarmUp.class.getClassLoader());
        thread.start();
        return warmUp.done;
    }

    @Override
    public void run() {
        try {
            findOnce();
            done.complete(null);
        } catch (RuntimeException | LinkageError e) {
            log.error("The engine for situations did not start; none will be found", e);
            done.completeExceptionally(e);
        }
    }

    private static void findOnce() {
        Map<String, Situation> rules = Map.of(
                "all", new Situation.All(List.of("a"), SECOND),
                "absent first", new Sequence(List.of(step("b", true), step("a", false)), SECOND),
                "absent last", new Sequence(List.of(step("a", false), step("b", true)), SECOND),
                "count", new Aggregate("a", Measure.COUNT, anyOf(1), new Sliding(SECOND)));
        try (DroolsSession session = new DroolsSession(1, Limits.DEFAULT)) {
            rules.forEach((name, situation) -> session.put(name, situation, Duration.ZERO, match -> true));
            List<Hit> hits = rules.keySet().stream()
                    .map(name -> new Hit(name, "a", "", Instant.EPOCH, 0, null, null))
                    .toList();
            int found =
                    session.offer(hits, Instant.EPOCH.plus(SECOND)).matches().size();
            if (found != rules.size()) {
                throw new IllegalStateException("found " + found + " situations of " + rules.size());
            }
        }
    }

    private static Step step(String alias, boolean absent) {
        return new Step(alias, absent, null);
    }

    private static NumericRange anyOf(int least) {
        return new NumericRange(BigDecimal.valueOf(least), true, null, false);
    }
}
