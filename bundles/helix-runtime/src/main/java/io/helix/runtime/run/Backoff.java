package io.helix.runtime.run;

import io.helix.runtime.document.RecipeDefinition.Retry;
import java.time.Duration;
import java.util.Optional;

/** How long to wait before the next attempt. Pure: the random part comes in as a parameter. */
final class Backoff {
    private Backoff() {}

    /**
     * @param attempt the attempt that failed, from 1
     * @param asked what the other side asked for
     * @param random from 0 to 1
     */
    static Duration after(Retry retry, int attempt, Optional<Duration> asked, double random) {
        double grown = retry.first().toMillis() * Math.pow(retry.factor(), Math.min(attempt, 40) - 1.0);
        double capped = Math.min(grown, retry.cap().toMillis());
        double spread = capped * (1 + retry.jitter() * (2 * random - 1));
        Duration own = Duration.ofMillis(Math.max(1, Math.round(spread)));
        Duration longest = Duration.ofHours(1);
        return asked.filter(wanted -> wanted.compareTo(own) > 0)
                .map(wanted -> wanted.compareTo(longest) > 0 ? longest : wanted)
                .orElse(own);
    }
}
