package io.helix.sdk.testing.agent;

import io.helix.api.HelixException;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.SourceContext;
import io.helix.api.agent.WebhookReceiver;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The context of a running source. Scheduled work is done, in order and on the thread of the test, by {@link #advance}. */
public final class TestSourceContext<C> extends TestContext<C> implements SourceContext<C> {
    private record Task(Instant at, long order, Runnable work) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparing(Task::at).thenComparing(Task::order));
    private long order;
    private @Nullable WebhookReceiver receiver;
    private volatile @Nullable HelixException refusal;

    public TestSourceContext(C config) {
        this(config, new AgentWorld());
    }

    TestSourceContext(C config, AgentWorld world) {
        super(config, world);
    }

    @Override
    public CompletionStage<Void> emit(EventDraft draft) {
        HelixException failure = refusal;
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        record(draft);
        return CompletableFuture.completedFuture(null);
    }

    /** From now on every emit fails with {@code failure}; null lets them pass again. */
    public void refuseEmits(@Nullable HelixException failure) {
        refusal = failure;
    }

    @Override
    public void onRequest(WebhookReceiver newReceiver) {
        if (receiver != null) {
            throw new IllegalStateException("a source has at most one receiver");
        }
        receiver = newReceiver;
    }

    /** Hands a request to the receiver of the source. */
    public WebhookReceiver.Reply request(WebhookReceiver.Delivery delivery) throws Exception {
        WebhookReceiver target = receiver;
        if (target == null) {
            throw new IllegalStateException("the source receives no requests");
        }
        return target.receive(delivery);
    }

    @Override
    public void schedule(Instant at, Runnable task) {
        tasks.add(new Task(at, order++, task));
    }

    @Override
    public void scheduleRepeatedly(Duration interval, Runnable task) {
        schedule(clock().instant().plus(interval), () -> {
            task.run();
            scheduleRepeatedly(interval, task);
        });
    }

    /** Moves the clock and does on the way what is due, each at its time. What a task throws ends the test. */
    public void advance(Duration duration) {
        Instant until = clock().instant().plus(duration);
        for (Task next = tasks.peek(); next != null && !next.at().isAfter(until); next = tasks.peek()) {
            tasks.remove(next);
            if (next.at().isAfter(clock().instant())) {
                clock().set(next.at());
            }
            next.work().run();
        }
        clock().set(until);
    }

    /** When the next scheduled work is due; null when there is none. */
    public @Nullable Instant nextDue() {
        Task next = tasks.peek();
        return next == null ? null : next.at();
    }
}
