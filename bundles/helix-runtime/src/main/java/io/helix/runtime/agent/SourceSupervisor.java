package io.helix.runtime.agent;

import io.helix.api.HelixException;
import io.helix.api.agent.AgentKind;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.Source;
import io.helix.api.agent.WebhookReceiver;
import io.helix.api.control.ControlPlane.AgentStatus;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.runtime.document.AgentDefinition;
import io.helix.runtime.document.Catalog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the sources that the catalog wants running. {@link #reconcile} compares what should run with what does: it
 * starts, stops and replaces. It runs on one thread of its own, so an agent that is slow to start or stop delays only
 * other starts and stops. A source that fails is started again after 1 s, doubling up to 5 min; a change of its document or
 * its type starts it at once.
 */
public final class SourceSupervisor implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SourceSupervisor.class);
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

    private static final class Slot {
        final AgentDefinition definition;
        final AgentType type;
        final LongAdder events = new LongAdder();
        final LongAdder failures = new LongAdder();
        final Instant since;

        @Nullable
        RunningSource running;

        String failure = "";
        Duration backoff = FIRST_BACKOFF;

        @Nullable
        Instant retryAt;

        Slot(AgentDefinition definition, AgentType type, Instant since) {
            this.definition = definition;
            this.type = type;
            this.since = since;
        }
    }

    private final Catalog catalog;
    private final AgentRegistry registry;
    private final AgentServices services;
    private final BiFunction<AgentDefinition, EventDraft, CompletionStage<Void>> publisher;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("helix-sources").factory());
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("helix-timer").factory());
    private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicBoolean requested = new AtomicBoolean();
    private final Map<DocumentKey, Slot> slots = new HashMap<>(); // guarded by itself

    public SourceSupervisor(
            Catalog catalog,
            AgentRegistry registry,
            AgentServices services,
            BiFunction<AgentDefinition, EventDraft, CompletionStage<Void>> publisher) {
        this.catalog = catalog;
        this.registry = registry;
        this.services = services;
        this.publisher = publisher;
    }

    /** Asks for a comparison soon; many requests at once are one. */
    public void reconcile() {
        if (requested.compareAndSet(false, true)) {
            try {
                worker.execute(() -> {
                    requested.set(false);
                    compare();
                });
            } catch (RejectedExecutionException e) {
                requested.set(false); // Helix is being stopped
            }
        }
    }

    private void compare() {
        Set<DocumentKey> wanted = new HashSet<>();
        for (AgentDefinition definition : catalog.agents()) {
            Optional<AgentType> type = registry.find(definition.type());
            if (definition.enabled()
                    && type.isPresent()
                    && type.get().descriptor().kind() == AgentKind.SOURCE) {
                DocumentKey key = key(definition);
                wanted.add(key);
                ensure(key, definition, type.get());
            }
        }
        for (DocumentKey key : keys()) {
            if (!wanted.contains(key)) {
                stop(key);
            }
        }
    }

    private void ensure(DocumentKey key, AgentDefinition definition, AgentType type) {
        Slot slot = slot(key);
        if (slot != null && slot.definition.equals(definition) && slot.type.equals(type)) {
            boolean due = slot.running == null
                    && slot.retryAt != null
                    && !slot.retryAt.isAfter(services.clock().instant());
            if (due) {
                start(slot);
            }
            return;
        }
        stop(key);
        Slot fresh = new Slot(definition, type, services.clock().instant());
        synchronized (slots) {
            slots.put(key, fresh);
        }
        start(fresh);
    }

    private void start(Slot slot) {
        // Empty when the type has gone since it was found: the comparison that follows from that stops the agent.
        registry.use(slot.type).ifPresent(use -> start(slot, use));
    }

    private void start(Slot slot, AgentRegistry.Use use) {
        AgentDefinition definition = slot.definition;
        RunningSource running = null;
        try {
            if (!(slot.type.create() instanceof Source<?> source)) {
                throw new IllegalStateException("agent type " + definition.type() + " says it is a source, but is not");
            }
            running = new RunningSource(
                    definition,
                    source,
                    use,
                    timer,
                    tasks,
                    (who, draft) -> emit(slot, draft),
                    failure -> failed(slot, failure));
            running.start(services);
            synchronized (slots) {
                slot.running = running;
                slot.failure = "";
                slot.retryAt = null;
            }
            log.info(
                    "agent started profile={} agent={} type={}",
                    definition.profile(),
                    definition.name(),
                    definition.type());
        } catch (Exception | LinkageError e) { // foreign code
            if (running != null) {
                stopQuietly(running, definition);
            }
            use.close();
            failed(slot, e);
        }
    }

    private CompletionStage<Void> emit(Slot slot, EventDraft draft) {
        return publisher.apply(slot.definition, draft).whenComplete((done, failure) -> {
            if (failure == null) {
                slot.events.increment();
            } else {
                slot.failures.increment();
            }
        });
    }

    private void failed(Slot slot, Throwable failure) {
        RunningSource running;
        Duration wait;
        synchronized (slots) {
            running = slot.running;
            slot.running = null;
            slot.failure = RunningSource.reason(failure);
            slot.failures.increment();
            wait = slot.backoff;
            slot.retryAt = services.clock().instant().plus(wait);
            Duration doubled = wait.multipliedBy(2);
            slot.backoff = doubled.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : doubled;
        }
        log.warn(
                "agent failed profile={} agent={} retry={}s reason={}",
                slot.definition.profile(),
                slot.definition.name(),
                wait.toSeconds(),
                slot.failure);
        if (running != null) {
            stopQuietly(running, slot.definition);
        }
        timer.schedule(this::reconcile, wait.toMillis() + 10, TimeUnit.MILLISECONDS);
    }

    private void stop(DocumentKey key) {
        Slot slot;
        synchronized (slots) {
            slot = slots.remove(key);
        }
        if (slot != null && slot.running != null) {
            stopQuietly(slot.running, slot.definition);
            log.info("agent stopped profile={} agent={}", slot.definition.profile(), slot.definition.name());
        }
    }

    private static void stopQuietly(RunningSource running, AgentDefinition definition) {
        try {
            running.stop();
        } catch (RuntimeException | LinkageError e) { // foreign code
            log.warn(
                    "agent did not stop cleanly profile={} agent={} reason={}",
                    definition.profile(),
                    definition.name(),
                    e.toString());
        }
    }

    /** The running receiver of an agent's HTTP requests. */
    private Optional<WebhookReceiver> receiver(String profile, String agent) {
        synchronized (slots) {
            Slot slot = slots.get(new DocumentKey(profile, Kind.AGENT, agent));
            return slot == null || slot.running == null ? Optional.empty() : slot.running.receiver();
        }
    }

    public List<AgentStatus> status(String profile) {
        List<AgentStatus> all = new ArrayList<>();
        for (AgentDefinition definition : catalog.agents()) {
            if (definition.profile().equals(profile)) {
                all.add(status(definition));
            }
        }
        all.sort(Comparator.comparing(AgentStatus::name));
        return all;
    }

    private AgentStatus status(AgentDefinition definition) {
        Optional<AgentType> type = registry.find(definition.type());
        String kind = type.map(t -> t.descriptor().kind().name().toLowerCase(java.util.Locale.ROOT))
                .orElse("");
        Slot slot = slot(key(definition));
        String state;
        String detail = "";
        if (!definition.enabled()) {
            state = "disabled";
        } else if (type.isEmpty()) {
            state = "waiting";
            detail = "agent type " + definition.type() + " is not deployed";
        } else if (type.get().descriptor().kind() != AgentKind.SOURCE) {
            state = "idle";
        } else if (slot == null) {
            state = "starting";
        } else {
            state = slot.running != null ? "running" : slot.failure.isEmpty() ? "starting" : "failed";
            detail = slot.failure;
        }
        return new AgentStatus(
                definition.name(),
                definition.type().toString(),
                kind,
                state,
                detail,
                slot == null ? null : slot.since,
                slot == null ? 0 : slot.events.sum(),
                slot == null ? 0 : slot.failures.sum());
    }

    private @Nullable Slot slot(DocumentKey key) {
        synchronized (slots) {
            return slots.get(key);
        }
    }

    private List<DocumentKey> keys() {
        synchronized (slots) {
            return List.copyOf(slots.keySet());
        }
    }

    private static DocumentKey key(AgentDefinition definition) {
        return new DocumentKey(definition.profile(), Kind.AGENT, definition.name());
    }

    @Override
    public void close() {
        worker.shutdown();
        try {
            if (!worker.awaitTermination(5, TimeUnit.SECONDS)) {
                log.warn("a source is slow to start or stop; going on without it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        keys().forEach(this::stop);
        timer.shutdownNow();
        tasks.shutdownNow();
    }

    /** @throws HelixException NOT_FOUND; UNAVAILABLE while the agent is being started or its type updated */
    public WebhookReceiver requireReceiver(String profile, String agent) {
        return receiver(profile, agent).orElseThrow(() -> {
            boolean comes = catalog.agent(profile, agent).filter(this::comes).isPresent();
            return comes
                    ? HelixException.unavailable("agent '" + agent + "' of profile '" + profile + "' is being started")
                    : HelixException.notFound("there is no running agent '" + agent
                            + "' that takes requests in profile '" + profile + "'");
        });
    }

    private boolean comes(AgentDefinition definition) {
        return registry.isAwaited(definition.type())
                || status(definition).state().equals("starting");
    }
}
