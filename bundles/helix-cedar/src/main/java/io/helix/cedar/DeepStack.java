package io.helix.cedar;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs what makes the native side read policies, on a stack that has room for every text within the bounds. Some
 * callers have little left of theirs, and an overflow on the native side ends the server.
 */
final class DeepStack {
    private static final long BYTES = 16L * 1024 * 1024;

    private DeepStack() {}

    /** @param declared the exception that may come out, besides unchecked ones */
    static <T, E extends Exception> T call(Class<E> declared, Callable<T> task) throws E {
        FutureTask<T> result = new FutureTask<>(task);
        Thread.ofPlatform().daemon().name("helix-cedar-read").stackSize(BYTES).start(result);
        try {
            return await(result);
        } catch (ExecutionException e) {
            throw failure(declared, e);
        }
    }

    /** What the native side does cannot be interrupted. */
    private static <T> T await(FutureTask<T> result) throws ExecutionException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <E extends Exception> E failure(Class<E> declared, ExecutionException failed) {
        Throwable cause = failed.getCause();
        if (declared.isInstance(cause)) {
            return declared.cast(cause);
        }
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        throw new IllegalStateException(failed);
    }
}
