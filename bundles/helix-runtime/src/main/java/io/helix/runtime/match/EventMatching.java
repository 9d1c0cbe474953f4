package io.helix.runtime.match;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.HelixException;
import io.helix.api.event.Channel;
import io.helix.api.event.Delivery;
import io.helix.api.event.Disposition;
import io.helix.api.event.Event;
import io.helix.api.event.EventBus;
import io.helix.api.event.EventFormat;
import io.helix.api.event.Message;
import io.helix.api.event.StoredMessage;
import io.helix.api.expression.Evaluation;
import io.helix.api.rule.RuleMatcher;
import io.helix.runtime.document.Catalog;
import io.helix.runtime.document.RuleDefinition;
import io.helix.runtime.fact.Facts;
import io.helix.runtime.journal.LiveFeed;
import io.helix.runtime.memory.Firing;
import io.helix.runtime.memory.FiringCounts;
import io.helix.runtime.memory.Memories;
import io.helix.runtime.memory.Tick;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * From event to triggers, for rules about one event: match, evaluate {@code where}, trigger. An event is acknowledged when
 * all its triggers are durable; one delivered again makes triggers with the same ids, which the mesh and the runs drop.
 * Rules that remember are the business of {@link io.helix.runtime.memory.Memories}.
 */
public final class EventMatching {
    private static final EventBus.ConsumerOptions OPTIONS =
            new EventBus.ConsumerOptions(256, 10, Duration.ofSeconds(30));

    private final EventBus bus;
    private final RuleMatcher matcher;
    private final Catalog catalog;
    private final Facts facts;
    private final Triggering triggering;
    private final LiveFeed live;
    private final FiringCounts counts;
    private final Memories memories;
    private final Instant started;

    public EventMatching(
            EventBus bus,
            RuleMatcher matcher,
            Catalog catalog,
            Facts facts,
            Triggering triggering,
            LiveFeed live,
            Memories memories,
            InstantSource clock) {
        this.bus = bus;
        this.matcher = matcher;
        this.catalog = catalog;
        this.facts = facts;
        this.triggering = triggering;
        this.live = live;
        this.counts = memories.counts();
        this.memories = memories;
        this.started = clock.instant();
    }

    public EventBus.Subscription start(String profile) {
        return bus.consume(Channel.EVENTS, profile, "rules", OPTIONS, this::handle);
    }

    private CompletionStage<Disposition> handle(Delivery delivery) {
        StoredMessage message = delivery.message();
        if (Tick.is(message)) {
            return CompletableFuture.completedFuture(Disposition.ACKNOWLEDGE);
        }
        Event event;
        try {
            event = EventFormat.read(message.body(), message.stored());
        } catch (HelixException e) {
            return CompletableFuture.completedFuture(new Disposition.Reject("not an event: " + e.message()));
        }
        live.show("event", message.profile(), () -> EventFormat.toJson(event));
        List<Message> triggers = triggers(message.profile(), event, message.stored());
        if (triggers.isEmpty()) {
            return CompletableFuture.completedFuture(Disposition.ACKNOWLEDGE);
        }
        CompletableFuture<?>[] published = triggers.stream()
                .map(trigger -> triggering.send(trigger).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(published)
                .handle((done, failure) -> failure == null
                        ? Disposition.ACKNOWLEDGE
                        : new Disposition.Retry(Duration.ofSeconds(1), "trigger not stored: " + failure.getMessage()));
    }

    private List<Message> triggers(String profile, Event event, Instant stored) {
        List<RuleDefinition> hits = catalog.steady(() -> hits(profile, event));
        if (hits.isEmpty()) {
            return List.of();
        }
        JsonNode json = EventFormat.toJson(event);
        List<Message> triggers = new ArrayList<>();
        for (RuleDefinition rule : hits) {
            if (looksAt(rule, stored)) {
                Map<String, JsonNode> variables = Variables.of(rule, json, stored, facts.at(profile, stored));
                if (holds(rule, event, variables)) {
                    counts.fired(rule.key(), stored);
                    triggers.addAll(
                            triggering.triggers(Firing.of(rule, event, stored, variables), stored.isBefore(started)));
                }
            }
        }
        return triggers;
    }

    private List<RuleDefinition> hits(String profile, Event event) {
        return matcher.match(profile, event).stream()
                .map(catalog::rule)
                .flatMap(Optional::stream)
                .toList();
    }

    /** A rule that throws is given up, and the others go on. What is wrong with the data of an event is only false. */
    private boolean holds(RuleDefinition rule, Event event, Map<String, JsonNode> variables) {
        long begun = memories.now();
        Evaluation evaluation;
        try {
            evaluation = evaluate(rule, variables);
        } catch (RuntimeException e) { // whatever an event brings about
            memories.fails(rule, event, e);
            return false;
        }
        boolean isTooDear = memories.tooDear(rule, begun); // what comes out false has its price too
        if (evaluation instanceof Evaluation.Failed(String message)) {
            counts.failed(rule, message);
        }
        return evaluation.isTrue() && !isTooDear;
    }

    private static Evaluation evaluate(RuleDefinition rule, Map<String, JsonNode> variables) {
        Evaluation only = rule.only().evaluate(variables);
        return only.isTrue() && rule.where() != null ? rule.where().evaluate(variables) : only;
    }

    private static boolean looksAt(RuleDefinition rule, Instant stored) {
        return rule.enabled() && !rule.remembers() && !stored.isBefore(rule.looksFrom());
    }
}
