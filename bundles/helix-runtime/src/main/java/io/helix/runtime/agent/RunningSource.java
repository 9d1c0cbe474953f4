package io.helix.runtime.agent;

import io.helix.api.agent.AgentException;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.Source;
import io.helix.api.agent.SourceContext;
import io.helix.api.agent.WebhookReceiver;
import io.helix.runtime.access.Gate;
import io.helix.runtime.document.AgentDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One started instance of a source, from start to stop. Not restarted: a new instance takes its place. */
final class RunningSource {
    private final AgentDefinition definition;
    private final Source<?> source;
    private final AgentRegistry.Use use;
    private final ScheduledExecutorService timer;
    private final Executor workers;
    private final BiFunction<AgentDefinition, EventDraft, CompletionStage<Void>> publisher;
    private final Consumer<Throwable> taskFailed;
    private volatile boolean stopped;
    private volatile @Nullable WebhookReceiver receiver;

    RunningSource(
            AgentDefinition definition,
            Source<?> source,
            AgentRegistry.Use use,
            ScheduledExecutorService timer,
            Executor workers,
            BiFunction<AgentDefinition, EventDraft, CompletionStage<Void>> publisher,
            Consumer<Throwable> taskFailed) {
        this.definition = definition;
        this.source = source;
        this.use = use;
        this.timer = timer;
        this.workers = workers;
        this.publisher = publisher;
        this.taskFailed = taskFailed;
    }

    void start(AgentServices services) throws Exception {
        Object config = use.type().config(definition.config());
        BaseContext base = new BaseContext(
                services,
                definition.profile(),
                definition.name(),
                config,
                Gate.agent(definition.profile(), definition.name()),
                null,
                Emission.published(0),
                () -> stopped);
        start(source, base);
    }

    private <C> void start(Source<C> typed, BaseContext base) throws Exception {
        typed.start(new Context<>(base));
    }

    Optional<WebhookReceiver> receiver() {
        return Optional.ofNullable(receiver);
    }

    void stop() {
        stopped = true;
        receiver = null;
        try {
            source.stop();
        } finally {
            use.close();
        }
    }

    private void later(Instant at, Instant now, Runnable task) {
        long delay = Math.max(0, Duration.between(now, at).toMillis());
        try {
            timer.schedule(() -> workers.execute(() -> runTask(task)), delay, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            stopped = true; // Helix is being stopped
        }
    }

    private void runTask(Runnable task) {
        if (stopped) {
            return;
        }
        try {
            task.run();
        } catch (RuntimeException | Error e) { // foreign code
            taskFailed.accept(e);
        }
    }

    private final class Context<C> extends BaseContext.Common<C> implements SourceContext<C> {
        Context(BaseContext base) {
            super(base);
        }

        @Override
        public CompletionStage<Void> emit(EventDraft draft) {
            return publisher.apply(definition, draft);
        }

        @Override
        public void onRequest(WebhookReceiver newReceiver) {
            receiver = newReceiver;
        }

        @Override
        public void schedule(Instant at, Runnable task) {
            later(at, base.clock().instant(), task);
        }

        @Override
        public void scheduleRepeatedly(Duration interval, Runnable task) {
            later(base.clock().instant().plus(interval), base.clock().instant(), () -> {
                task.run();
                if (!stopped) {
                    scheduleRepeatedly(interval, task);
                }
            });
        }
    }

    static String reason(Throwable failure) {
        String message = failure instanceof AgentException || failure instanceof io.helix.api.HelixException
                ? failure.getMessage()
                : failure.toString();
        return String.valueOf(message);
    }
}
