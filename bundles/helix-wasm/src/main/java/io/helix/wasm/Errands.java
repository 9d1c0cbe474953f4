package io.helix.wasm;

import io.helix.api.HelixException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks what may be slow to answer, the database above all, for calls that must end in time: on threads of its own, so
 * that a call can leave before it has its answer. How many there may be is in the budget of each profile. Thread safe.
 */
final class Errands implements AutoCloseable {
    private static final int IDLE_SECONDS = 10;

    private final Budgets budgets;
    private final ThreadPoolExecutor threads;

    Errands(Budgets budgets) {
        this.budgets = budgets;
        threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("helix-wasm-errand-", 0).factory());
    }

    /**
     * @param question without an effect that would count if its answer came too late
     * @throws GuestTrap when there is no answer in time, or the call is stopped
     * @throws HelixException of the question; UNAVAILABLE when too many of the profile have no answer
     */
    <T> T ask(String profile, Deadline deadline, Supplier<T> question) {
        if (!budgets.beginErrand(profile)) {
            throw HelixException.unavailable(
                    "the store is slow: " + budgets.share(profile).calls() + " calls of plugins of profile " + profile
                            + " wait for an answer already");
        }
        FutureTask<T> errand = new FutureTask<>(() -> {
            try {
                return question.get();
            } finally {
                budgets.endErrand(profile);
            }
        });
        try {
            threads.execute(errand);
        } catch (RejectedExecutionException e) {
            budgets.endErrand(profile);
            throw HelixException.unavailable("Helix is stopping");
        } catch (Error e) { // no thread can be had
            budgets.endErrand(profile);
            throw e;
        }
        return answer(errand, deadline);
    }

    private static <T> T answer(FutureTask<T> errand, Deadline deadline) {
        try {
            return errand.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw GuestTrap.overTime();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuestTrap("was stopped while it waited for Helix");
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    private static RuntimeException failure(@Nullable Throwable cause) {
        return switch (cause) {
            case Error e -> throw e;
            case RuntimeException e -> e;
            case null, default -> new IllegalStateException(cause);
        };
    }

    /** What is under way is not waited for. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
