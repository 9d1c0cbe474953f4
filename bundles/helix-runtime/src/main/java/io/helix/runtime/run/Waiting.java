package io.helix.runtime.run;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits, on threads that may. */
final class Waiting {
    private Waiting() {}

    /** False when interrupted. */
    static boolean pause(Duration time) {
        try {
            Thread.sleep(time);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** For what the mesh confirms. @throws HelixException UNAVAILABLE when one of them failed or took too long */
    static void forAll(Collection<CompletableFuture<?>> futures, Duration timeout) {
        try {
            CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new))
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HelixException known) {
                throw known;
            }
            throw new HelixException(ErrorKind.UNAVAILABLE, "the mesh did not confirm: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new HelixException(
                    ErrorKind.UNAVAILABLE, "the mesh did not confirm within " + timeout.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HelixException(ErrorKind.UNAVAILABLE, "Helix is being stopped", e);
        }
    }
}
