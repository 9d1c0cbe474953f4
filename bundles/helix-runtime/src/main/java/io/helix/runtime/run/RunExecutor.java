package io.helix.runtime.run;

import io.helix.api.HelixException;
import io.helix.api.agent.AgentKind;
import io.helix.api.agent.AgentType;
import io.helix.api.event.Channel;
import io.helix.api.event.Delivery;
import io.helix.api.event.Disposition;
import io.helix.api.event.Event;
import io.helix.api.event.EventBus;
import io.helix.api.recipe.Run;
import io.helix.api.recipe.Trigger;
import io.helix.api.store.Projection;
import io.helix.runtime.access.Gate;
import io.helix.runtime.agent.AgentRegistry;
import io.helix.runtime.agent.AgentServices;
import io.helix.runtime.document.Catalog;
import io.helix.runtime.document.Compiler;
import io.helix.runtime.document.RecipeDefinition;
import io.helix.runtime.document.TypeRef;
import io.helix.runtime.fact.Facts;
import io.helix.runtime.journal.Journal;
import io.helix.runtime.match.TriggerFormat;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes triggers from the work queue and runs their recipes. A trigger is acknowledged when its run has ended and the end
 * is durable. One delivered again, made again after a restart, or the same as others to its rule, finds in the projection
 * what was done before; the journal is projected up to its newest entry first, so nothing recorded is missed.
 */
public final class RunExecutor implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RunExecutor.class);
    private static final EventBus.ConsumerOptions OPTIONS = new EventBus.ConsumerOptions(64, 5, Duration.ofSeconds(30));
    private static final Duration PROJECTION_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration DATABASE_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration PLUGIN_TIMEOUT = Duration.ofSeconds(20);

    private final EventBus bus;
    private final Projection projection;
    private final Catalog catalog;
    private final AgentRegistry registry;
    private final Journal journal;
    private final InstantSource clock;
    private final Facts facts;
    private final StepPerformer performer;
    private volatile boolean stopped;
    private final Set<String> atWork = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public RunExecutor(
            EventBus bus,
            Projection projection,
            Catalog catalog,
            Compiler compiler,
            AgentRegistry registry,
            AgentServices services,
            Journal journal) {
        this.bus = bus;
        this.projection = projection;
        this.catalog = catalog;
        this.registry = registry;
        this.journal = journal;
        this.clock = services.clock();
        this.facts = services.facts();
        this.performer = new StepPerformer(registry, catalog, compiler, services, bus, threads);
    }

    public EventBus.Subscription start(String profile) {
        return bus.consume(Channel.TRIGGERS, profile, "runs", OPTIONS, this::handle);
    }

    private CompletionStage<Disposition> handle(Delivery delivery) {
        return CompletableFuture.completedFuture(run(delivery));
    }

    private Disposition run(Delivery delivery) {
        Trigger trigger;
        try {
            trigger = TriggerFormat.read(
                    delivery.message().profile(), delivery.message().body());
        } catch (HelixException e) {
            return new Disposition.Reject(e.message());
        }
        Optional<RecipeDefinition> recipe = catalog.recipe(trigger.profile(), trigger.recipe());
        if (recipe.isEmpty()) {
            return new Disposition.Reject("recipe '" + trigger.recipe() + "' does not exist any more");
        }
        if (!atWork.add(trigger.profile() + "/" + trigger.id())) {
            return trigger.once() && delivery.attempt() == 1
                    ? Disposition.ACKNOWLEDGE // the rule fired again, which is to bring about nothing more
                    : new Disposition.Retry(Duration.ofSeconds(1), "the same run is at work");
        }
        try {
            return run(delivery, trigger, recipe.get());
        } catch (HelixException e) {
            log.warn(
                    "run interrupted run={} recipe={} attempt={} reason={}",
                    trigger.id(),
                    trigger.recipe(),
                    delivery.attempt(),
                    e.message());
            return new Disposition.Retry(Duration.ofSeconds(1), e.message());
        } finally {
            atWork.remove(trigger.profile() + "/" + trigger.id());
        }
    }

    private Disposition run(Delivery delivery, Trigger trigger, RecipeDefinition recipe) {
        boolean repeated = delivery.attempt() > 1 || trigger.late() || trigger.once();
        Optional<Run> earlier = repeated ? alive(delivery, () -> patiently(trigger)) : Optional.empty();
        if (earlier.filter(run -> run.state().ended() || !isOf(run, trigger.event()))
                .isPresent()) {
            return Disposition.ACKNOWLEDGE;
        }
        StepPerformer.Frame frame = new StepPerformer.Frame(
                trigger,
                recipe,
                principal(trigger),
                facts.at(trigger.profile(), trigger.time()),
                clock.instant().plus(recipe.timeout()));
        RunInProgress run = new RunInProgress(performer, journal, threads, clock, frame, delivery::inProgress);
        earlier.ifPresent(before -> run.resume(before, step -> !transformer(trigger.profile(), step)));
        run.perform();
        return Disposition.ACKNOWLEDGE;
    }

    private boolean transformer(String profile, RecipeDefinition.Step step) {
        Optional<TypeRef> type = step.type() != null
                ? Optional.of(step.type())
                : catalog.agent(profile, String.valueOf(step.agent())).map(agent -> agent.type());
        return type.flatMap(this::deployed)
                .map(found -> found.descriptor().kind() == AgentKind.TRANSFORMER)
                .orElse(false);
    }

    /** Runs are taken up again soon after a start, when plugins may not be there yet. */
    private Optional<AgentType> deployed(TypeRef ref) {
        try (AgentRegistry.Use use = registry.use(ref, PLUGIN_TIMEOUT).orElse(null)) {
            return Optional.ofNullable(use).map(AgentRegistry.Use::type);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HelixException.unavailable("Helix is being stopped");
        }
    }

    /** What is the same to a rule may have another event; its run goes on with the one that it began with. */
    private static boolean isOf(Run run, Event event) {
        return run.eventId().equals(event.id()) && run.eventSource().equals(event.source());
    }

    /** The mesh would deliver a trigger again that it hears nothing of. */
    private <T> T alive(Delivery delivery, Supplier<T> work) {
        Future<?> signs = threads.submit(() -> {
            while (Waiting.pause(RunInProgress.SIGN_OF_LIFE)) {
                delivery.inProgress();
            }
        });
        try {
            return work.get();
        } finally {
            signs.cancel(true);
        }
    }

    /** What an earlier attempt recorded. Waits long for a database that is away: a trigger has few attempts. */
    private Optional<Run> patiently(Trigger trigger) {
        long until = System.nanoTime() + DATABASE_TIMEOUT.toNanos();
        while (true) {
            try {
                return recorded(trigger);
            } catch (HelixException e) {
                if (!e.kind().retryable()
                        || stopped
                        || System.nanoTime() > until
                        || !Waiting.pause(Duration.ofSeconds(1))) {
                    throw e;
                }
            }
        }
    }

    /** After everything in the journal has reached SQL. */
    private Optional<Run> recorded(Trigger trigger) {
        long newest = bus.lastSequence(Channel.JOURNAL, trigger.profile());
        boolean caughtUp = poll(() -> projection.journalSequence(trigger.profile()) >= newest);
        if (!caughtUp) {
            throw HelixException.unavailable("the projection of the journal is behind; the run waits for it");
        }
        return projection.findRun(trigger.profile(), trigger.id());
    }

    private boolean poll(java.util.function.BooleanSupplier condition) {
        long until = System.nanoTime() + PROJECTION_TIMEOUT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                return false;
            }
            if (!Waiting.pause(Duration.ofMillis(20))) {
                return false;
            }
        }
        return true;
    }

    /** A trigger carries its principal as text; roles of people do not matter once the trigger was permitted. */
    private static Gate.Principal principal(Trigger trigger) {
        if (trigger.rule() != null) {
            return Gate.rule(trigger.profile(), trigger.rule());
        }
        return Gate.rule(trigger.profile(), "by-hand");
    }

    /** Says that {@link #close} comes soon: what is interrupted from now on is left for the next start. */
    public void stopping() {
        stopped = true;
        performer.stop();
    }

    @Override
    public void close() {
        stopped = true;
        performer.stop();
        threads.shutdownNow();
    }
}
