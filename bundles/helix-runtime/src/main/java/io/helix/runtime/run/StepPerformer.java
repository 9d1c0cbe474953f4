package io.helix.runtime.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.Problem;
import io.helix.api.agent.Action;
import io.helix.api.agent.Agent;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.Source;
import io.helix.api.agent.Transformer;
import io.helix.api.event.Channel;
import io.helix.api.event.Event;
import io.helix.api.event.EventBus;
import io.helix.api.event.EventFormat;
import io.helix.api.event.Message;
import io.helix.api.expression.Evaluation;
import io.helix.api.policy.Decision;
import io.helix.api.policy.EntityRef;
import io.helix.api.recipe.StepRecord;
import io.helix.api.recipe.StepState;
import io.helix.api.recipe.Trigger;
import io.helix.runtime.access.EventBody;
import io.helix.runtime.access.Gate;
import io.helix.runtime.agent.AgentRegistry;
import io.helix.runtime.agent.AgentServices;
import io.helix.runtime.agent.Emission;
import io.helix.runtime.agent.StepContexts;
import io.helix.runtime.document.AgentDefinition;
import io.helix.runtime.document.Catalog;
import io.helix.runtime.document.Compiler;
import io.helix.runtime.document.RecipeDefinition;
import io.helix.runtime.document.RecipeDefinition.Step;
import io.helix.runtime.document.TypeRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Performs one step: condition, configuration, authorization, the call with its deadline and its retries, and the
 * events that come of it. Every way to fail ends in a {@link StepRecord}; only a mesh that is away is thrown.
 */
final class StepPerformer {
    private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(60);
    private static final int REMEMBERED = 10_000;

    /** What a step came to. @param events those that later steps may take; not all are published */
    record Performed(StepRecord record, List<Event> events) {}

    /**
     * A run as a step sees it.
     *
     * @param facts what held when it was triggered
     * @param deadline when the run has to be over
     */
    record Frame(
            Trigger trigger, RecipeDefinition recipe, Gate.Principal principal, ObjectNode facts, Instant deadline) {}

    private record Bound(AgentType type, ObjectNode json, Object config, Agent<?> agent) {}

    private record Answer(Bound agent, JsonNode output, List<EventDraft> drafts) {}

    private record StepKey(String profile, String recipe, long revision, String step) {}

    private final AgentRegistry registry;
    private final Catalog catalog;
    private final Compiler compiler;
    private final AgentServices services;
    private final EventBus bus;
    private final ExecutorService calls;
    private final Map<StepKey, Bound> bound = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    StepPerformer(
            AgentRegistry registry,
            Catalog catalog,
            Compiler compiler,
            AgentServices services,
            EventBus bus,
            ExecutorService calls) {
        this.registry = registry;
        this.catalog = catalog;
        this.compiler = compiler;
        this.services = services;
        this.bus = bus;
        this.calls = calls;
        registry.onChange(() -> bound.values().removeIf(agent -> !registry.isDeployed(agent.type())));
    }

    Performed perform(Frame frame, Step step, Map<String, JsonNode> variables, Event input) {
        Instant started = services.clock().instant();
        Attempts attempts = new Attempts();
        try {
            Optional<String> obstacle = unmetCondition(step, variables);
            if (obstacle.isPresent()) {
                return skipped(step, started, obstacle.get());
            }
            TypeRef ref = typeOf(frame, step);
            authorize(frame, step, ref, attempts);
            return call(frame, step, ref, variables, input, started, attempts);
        } catch (HelixException e) {
            if (e.kind() == ErrorKind.UNAVAILABLE) {
                throw e;
            }
            return failed(step, started, attempts, e.message());
        }
    }

    /** What a step comes to that takes its event from one that emitted none. */
    Performed withoutEvent(Frame frame, Step step) {
        String reason = "step '" + step.from() + "' of recipe '"
                + frame.recipe().name() + "' emitted no event that this step could take; from: names a transformer";
        return failed(step, services.clock().instant(), new Attempts(), reason);
    }

    private static final class Attempts {
        int made;
        List<String> policies = List.of();
    }

    private static Optional<String> unmetCondition(Step step, Map<String, JsonNode> variables) {
        if (step.when() == null) {
            return Optional.empty();
        }
        return switch (step.when().evaluate(variables)) {
            case Evaluation.Value(JsonNode value) when value.isBoolean() && value.booleanValue() -> Optional.empty();
            case Evaluation.Value(JsonNode value) -> Optional.of("when is " + value);
            case Evaluation.Absent(String message) -> Optional.of("when is false: " + message);
            case Evaluation.Failed(String message) -> throw HelixException.invalid("when: " + message);
        };
    }

    private TypeRef typeOf(Frame frame, Step step) {
        if (step.type() != null) {
            return step.type();
        }
        String name = String.valueOf(step.agent());
        AgentDefinition agent = catalog.agent(frame.trigger().profile(), name)
                .orElseThrow(() -> HelixException.notFound("agent '" + name + "' does not exist"));
        if (!agent.enabled()) {
            throw HelixException.conflict("agent '" + name + "' is disabled");
        }
        return agent.type();
    }

    private void authorize(Frame frame, Step step, TypeRef ref, Attempts attempts) {
        String profile = frame.trigger().profile();
        String name = agentName(frame, step);
        Decision decision = services.gate()
                .invoke(
                        frame.principal(),
                        profile,
                        name,
                        ref.type(),
                        frame.trigger().event());
        attempts.policies = decision.policies();
        if (!decision.permitted()) {
            services.gate()
                    .record(
                            profile,
                            frame.principal().ref().toString(),
                            "invokeAgent",
                            new EntityRef("Agent", profile + "/" + name),
                            decision,
                            frame.trigger().event().id());
        }
        Gate.refuseUnlessPermitted(decision, frame.principal().ref() + " may not invoke agent '" + name + "'");
    }

    /** The name of the configured agent; a step that names a type is an agent of its own. */
    private static String agentName(Frame frame, Step step) {
        return step.agent() != null ? step.agent() : frame.recipe().name() + "/" + step.id();
    }

    /** One instance per step and configuration; made again when the configuration or the type changes. */
    private Bound bind(Frame frame, Step step, AgentType type, Map<String, JsonNode> variables) {
        ObjectNode json = configuration(frame, step, variables);
        StepKey key = new StepKey(
                frame.trigger().profile(), frame.recipe().name(), frame.recipe().revision(), step.id());
        Bound known = bound.get(key);
        if (known != null && known.type().equals(type) && known.json().equals(json)) {
            return known;
        }
        List<Problem> problems = compiler.checkConfig(type.descriptor(), json, "with");
        if (!problems.isEmpty()) {
            throw HelixException.invalid(
                    String.join("; ", problems.stream().map(Problem::toString).toList()));
        }
        if (bound.size() > REMEMBERED) {
            bound.clear();
        }
        Bound fresh = new Bound(type, json, type.config(json), type.create());
        bound.put(key, fresh);
        return fresh;
    }

    private ObjectNode configuration(Frame frame, Step step, Map<String, JsonNode> variables) {
        ObjectNode own = step.with().resolve(variables) instanceof ObjectNode object
                ? object
                : JsonNodeFactory.instance.objectNode();
        if (step.agent() == null) {
            return own;
        }
        ObjectNode merged = catalog.agent(frame.trigger().profile(), step.agent())
                .map(agent -> agent.config().deepCopy())
                .orElseGet(JsonNodeFactory.instance::objectNode);
        return merged.setAll(own);
    }

    private Performed call(
            Frame frame,
            Step step,
            TypeRef ref,
            Map<String, JsonNode> variables,
            Event input,
            Instant started,
            Attempts attempts) {
        while (true) {
            try {
                Answer answer = attempt(frame, step, ref, variables, input, attempts);
                return succeeded(frame, step, answer, started, attempts);
            } catch (AgentException e) {
                refuseWhenStopped();
                Instant now = services.clock().instant();
                Duration wait = Backoff.after(
                        step.retry(),
                        attempts.made,
                        Optional.ofNullable(e.retryAfter()),
                        ThreadLocalRandom.current().nextDouble());
                boolean again = e.isRetryable()
                        && attempts.made < step.retry().max()
                        && now.plus(wait).isBefore(frame.deadline());
                boolean waited = again && Waiting.pause(wait);
                refuseWhenStopped();
                if (!waited) {
                    return failed(step, started, attempts, String.valueOf(e.getMessage()));
                }
            }
        }
    }

    /** The type is held for one attempt only: what comes after an update may be done by the new version. */
    private Answer attempt(
            Frame frame, Step step, TypeRef ref, Map<String, JsonNode> variables, Event input, Attempts attempts)
            throws AgentException {
        try (AgentRegistry.Use use = deployed(frame, ref)) {
            Bound agent = bind(frame, step, use.type(), variables);
            attempts.made++;
            StepContexts contexts = contexts(frame, step, agent, new AtomicBoolean());
            JsonNode output = callOnce(frame, step, agent, input, contexts);
            return new Answer(agent, output, contexts.emitted());
        }
    }

    private AgentRegistry.Use deployed(Frame frame, TypeRef ref) {
        try {
            return registry.use(ref, Duration.between(services.clock().instant(), frame.deadline()))
                    .orElseThrow(() -> HelixException.notFound("agent type " + ref + " is not deployed"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HelixException.unavailable("Helix is being stopped");
        }
    }

    /** A step that ends because Helix is being stopped has not failed: its run is taken up at the next start. */
    private void refuseWhenStopped() {
        if (stopped) {
            throw HelixException.unavailable("Helix is being stopped");
        }
    }

    /** From now on steps that are interrupted are left for the next start. */
    void stop() {
        stopped = true;
    }

    private StepContexts contexts(Frame frame, Step step, Bound agent, AtomicBoolean cancelled) {
        return new StepContexts(
                services,
                frame.trigger().profile(),
                agentName(frame, step),
                agent.config(),
                Gate.agent(frame.trigger().profile(), agentName(frame, step)),
                frame.trigger().event().id(),
                frame.trigger().id() + ":" + step.id(),
                publishes(step, agent) ? Emission.published(depth(frame)) : Emission.HANDED_ON,
                cancelled::get);
    }

    private JsonNode callOnce(Frame frame, Step step, Bound agent, Event input, StepContexts contexts)
            throws AgentException {
        long began = System.nanoTime();
        boolean well = false;
        try {
            JsonNode output = callInTime(frame, step, agent, input, contexts);
            well = true;
            return output;
        } finally {
            registry.calls().ended(agent.type().descriptor(), well, System.nanoTime() - began);
        }
    }

    private JsonNode callInTime(Frame frame, Step step, Bound agent, Event input, StepContexts contexts)
            throws AgentException {
        Duration left = Duration.between(services.clock().instant(), frame.deadline());
        Duration timeout = left.compareTo(step.timeout()) < 0 ? left : step.timeout();
        Future<JsonNode> call = calls.submit(() -> invoke(agent.agent(), input, contexts));
        try {
            return call.get(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            call.cancel(true);
            throw AgentException.retryable("did not finish within " + timeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            throw AgentException.retryable("cancelled: the run was stopped", e);
        } catch (ExecutionException e) {
            throw translated(e.getCause());
        }
    }

    private static AgentException translated(@org.jspecify.annotations.Nullable Throwable cause) {
        return switch (cause) {
            case AgentException known -> known;
            case HelixException known when known.kind().retryable() -> AgentException.retryable(known.message(), known);
            case HelixException known -> AgentException.permanent(known.message(), known);
            case null, default -> AgentException.permanent("the agent threw " + cause, cause);
        };
    }

    private static <C> JsonNode invoke(Agent<C> agent, Event input, StepContexts contexts) throws Exception {
        return switch (agent) {
            case Transformer<C> transformer -> {
                transformer.transform(input, contexts.transform());
                yield MissingNode.getInstance();
            }
            case Action<C> action -> action.perform(input, contexts.action());
            case Source<C> source -> throw AgentException.permanent("a source cannot be a step");
        };
    }

    private Performed succeeded(Frame frame, Step step, Answer answer, Instant started, Attempts attempts) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < answer.drafts().size(); i++) {
            events.add(event(frame, step, answer.drafts().get(i), i));
        }
        boolean transformer = answer.agent().agent() instanceof Transformer;
        if (transformer && events.isEmpty()) {
            return skipped(step, started, "no event came out");
        }
        JsonNode result = bounded(transformer ? events.getFirst().data() : answer.output());
        List<String> emitted = publishes(step, answer.agent()) ? publish(frame, step, events) : List.of();
        return new Performed(
                new StepRecord(
                        step.id(),
                        step.performer(),
                        StepState.SUCCEEDED,
                        attempts.made,
                        started,
                        services.clock().instant(),
                        result,
                        "",
                        attempts.policies,
                        emitted),
                events);
    }

    private static boolean publishes(Step step, Bound agent) {
        return !(agent.agent() instanceof Transformer) || step.publish();
    }

    /** Of what the steps of a run emit. */
    private static int depth(Frame frame) {
        return frame.trigger().event().depth() + 1;
    }

    private static JsonNode bounded(JsonNode output) {
        int bytes = output.isMissingNode() ? 0 : EventFormat.bytes(output).length;
        if (bytes > EventFormat.MAX_BYTES / 4) {
            throw HelixException.invalid(
                    "the output has " + bytes + " bytes; " + EventFormat.MAX_BYTES / 4 + " are allowed");
        }
        return output;
    }

    private Event event(Frame frame, Step step, EventDraft draft, int index) {
        Trigger trigger = frame.trigger();
        Map<String, String> extensions = new HashMap<>(draft.extensions());
        extensions.put(Event.DEPTH, Integer.toString(depth(frame)));
        extensions.put(Event.RUN, trigger.id());
        return new Event(
                trigger.id() + "-" + step.id() + "-" + index + (draft.id() == null ? "" : "-" + draft.id()),
                "/recipes/" + trigger.profile() + "/" + frame.recipe().name() + "/" + step.id(),
                draft.type(),
                draft.subject(),
                draft.time() == null ? services.clock().instant() : draft.time(),
                extensions,
                draft.data());
    }

    /** Waits until all are durable: what a step emitted must not be lost once the step counts as done. */
    private List<String> publish(Frame frame, Step step, List<Event> events) {
        String profile = frame.trigger().profile();
        Gate.Principal principal = Gate.agent(profile, agentName(frame, step));
        List<CompletableFuture<?>> receipts = new ArrayList<>();
        for (Event event : events) {
            byte[] body = EventBody.of(event);
            Decision decision = services.gate().publish(principal, profile, event.type(), event.depth(), body.length);
            services.gate().requirePublish(decision, principal, profile, event.type(), event.id());
            receipts.add(bus.publish(new Message(
                            Channel.EVENTS,
                            profile,
                            event.type(),
                            partitionKey(event),
                            event.identity(),
                            Map.of(),
                            body))
                    .toCompletableFuture());
        }
        Waiting.forAll(receipts, PUBLISH_TIMEOUT);
        return events.stream().map(Event::id).toList();
    }

    static String partitionKey(Event event) {
        return event.subject() != null ? event.subject() : event.source();
    }

    private Performed skipped(Step step, Instant started, String reason) {
        return new Performed(
                new StepRecord(
                        step.id(),
                        step.performer(),
                        StepState.SKIPPED,
                        0,
                        started,
                        services.clock().instant(),
                        MissingNode.getInstance(),
                        reason,
                        List.of(),
                        List.of()),
                List.of());
    }

    private Performed failed(Step step, Instant started, Attempts attempts, String reason) {
        return new Performed(
                new StepRecord(
                        step.id(),
                        step.performer(),
                        StepState.FAILED,
                        attempts.made,
                        started,
                        services.clock().instant(),
                        MissingNode.getInstance(),
                        reason.length() > 2_000 ? reason.substring(0, 2_000) : reason,
                        attempts.policies,
                        List.of()),
                List.of());
    }
}
