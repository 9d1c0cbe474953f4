package io.helix.store;

import io.helix.api.HelixException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Work for the database is done on threads that nobody can interrupt. Whoever is out of time is interrupted wherever it
 * is, and in the middle of such work that would close H2's only file for ever, or break the connection to PostgreSQL.
 * Once its work has begun, an interrupt reaches the caller after the work.
 */
final class StoreThreads implements AutoCloseable {
    private final ThreadPoolExecutor threads;
    private final Semaphore free;
    private final Duration patience;

    /**
     * @param count as many as there are connections
     * @param patience how long work waits for its turn
     */
    StoreThreads(int count, Duration patience) {
        this.free = new Semaphore(count, true);
        this.patience = patience;
        this.threads = new ThreadPoolExecutor(
                count,
                count,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("helix-store-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** @throws HelixException UNAVAILABLE when all threads are busy all the time, or the caller is interrupted before */
    <T> T call(Supplier<T> work) {
        awaitTurn();
        try {
            return ended(threads.submit(work::get));
        } catch (RejectedExecutionException e) {
            throw HelixException.unavailable("the store is closed");
        } finally {
            free.release();
        }
    }

    private void awaitTurn() {
        try {
            if (free.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HelixException.unavailable("interrupted before the database was asked");
        }
        throw HelixException.unavailable("the database is busy: all its connections are in use");
    }

    private static <T> T ended(Future<T> work) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return work.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw unchecked(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException unchecked(@Nullable Throwable cause) {
        return switch (cause) {
            case RuntimeException known -> known;
            case Error error -> throw error;
            case null, default -> new IllegalStateException(cause);
        };
    }

    /** Work that has begun may end, for some seconds. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            threads.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
