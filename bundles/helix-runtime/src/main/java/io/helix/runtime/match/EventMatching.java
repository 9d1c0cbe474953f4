package io.helix.runtime.match;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.event.Channel;
import io.helix.api.event.Delivery;
import io.helix.api.event.Disposition;
import io.helix.api.event.Event;
import io.helix.api.event.EventBus;
import io.helix.api.event.EventFormat;
import io.helix.api.event.Message;
import io.helix.api.event.Receipt;
import io.helix.api.policy.Decision;
import io.helix.api.policy.EntityRef;
import io.helix.api.recipe.Trigger;
import io.helix.api.rule.RuleKey;
import io.helix.api.rule.RuleMatcher;
import io.helix.runtime.access.Gate;
import io.helix.runtime.document.Catalog;
import io.helix.runtime.document.RuleDefinition;
import io.helix.runtime.journal.LiveFeed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From event to triggers: match, evaluate {@code where}, authorize, publish. An event is acknowledged when all its
 * triggers are durable; one delivered again makes triggers with the same ids, which the mesh and the runs drop.
 */
public final class EventMatching {
    private static final Logger log = LoggerFactory.getLogger(EventMatching.class);
    private static final EventBus.ConsumerOptions OPTIONS =
            new EventBus.ConsumerOptions(256, 10, Duration.ofSeconds(30));

    private final EventBus bus;
    private final RuleMatcher matcher;
    private final Catalog catalog;
    private final Gate gate;
    private final LiveFeed live;
    private final InstantSource clock;

    public EventMatching(
            EventBus bus, RuleMatcher matcher, Catalog catalog, Gate gate, LiveFeed live, InstantSource clock) {
        this.bus = bus;
        this.matcher = matcher;
        this.catalog = catalog;
        this.gate = gate;
        this.live = live;
        this.clock = clock;
    }

    public EventBus.Subscription start(String profile) {
        return bus.consume(Channel.EVENTS, profile, "rules", OPTIONS, this::handle);
    }

    private CompletionStage<Disposition> handle(Delivery delivery) {
        String profile = delivery.message().profile();
        Event event;
        try {
            event = EventFormat.read(
                    delivery.message().body(), delivery.message().stored());
        } catch (HelixException e) {
            return CompletableFuture.completedFuture(new Disposition.Reject("not an event: " + e.message()));
        }
        live.show("event", profile, () -> EventFormat.toJson(event));
        List<Trigger> triggers = triggers(profile, event);
        if (triggers.isEmpty()) {
            return CompletableFuture.completedFuture(Disposition.ACKNOWLEDGE);
        }
        CompletableFuture<?>[] published = triggers.stream()
                .map(trigger -> send(trigger).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(published)
                .handle((done, failure) -> failure == null
                        ? Disposition.ACKNOWLEDGE
                        : new Disposition.Retry(Duration.ofSeconds(1), "trigger not stored: " + failure.getMessage()));
    }

    /** Publishes a trigger on the work queue. */
    public CompletionStage<Receipt> send(Trigger trigger) {
        return bus.publish(new Message(
                Channel.TRIGGERS,
                trigger.profile(),
                trigger.recipe(),
                trigger.id(),
                trigger.id(),
                Map.of(),
                TriggerFormat.write(trigger)));
    }

    private List<Trigger> triggers(String profile, Event event) {
        List<RuleKey> hits = matcher.match(profile, event);
        if (hits.isEmpty()) {
            return List.of();
        }
        Map<String, JsonNode> variables = Variables.event(event);
        List<Trigger> triggers = new ArrayList<>();
        for (RuleKey key : hits) {
            Optional<RuleDefinition> rule = catalog.rule(key);
            if (rule.isPresent() && fires(rule.get(), variables)) {
                live.show("match", profile, () -> matched(rule.get(), event));
                triggers.addAll(triggers(profile, rule.get(), event, variables));
            }
        }
        return triggers;
    }

    private static boolean fires(RuleDefinition rule, Map<String, JsonNode> variables) {
        return rule.enabled() && (rule.where() == null || rule.where().test(variables));
    }

    private List<Trigger> triggers(String profile, RuleDefinition rule, Event event, Map<String, JsonNode> variables) {
        List<Trigger> triggers = new ArrayList<>();
        for (int i = 0; i < rule.then().size(); i++) {
            RuleDefinition.Consequence then = rule.then().get(i);
            Gate.Principal principal = Gate.rule(profile, rule.key().name());
            Decision decision = gate.trigger(principal, profile, then.recipe(), event);
            if (decision.permitted()) {
                trigger(profile, rule, i, then, event, variables, principal, decision)
                        .ifPresent(triggers::add);
            } else {
                gate.record(
                        profile,
                        principal.ref().toString(),
                        "triggerRecipe",
                        new EntityRef("Recipe", profile + "/" + then.recipe()),
                        decision,
                        event.id());
            }
        }
        return triggers;
    }

    private Optional<Trigger> trigger(
            String profile,
            RuleDefinition rule,
            int index,
            RuleDefinition.Consequence then,
            Event event,
            Map<String, JsonNode> variables,
            Gate.Principal principal,
            Decision decision) {
        try {
            return Optional.of(new Trigger(
                    RunIds.of(
                            profile,
                            rule.key().name(),
                            Long.toString(rule.revision()),
                            Integer.toString(index),
                            event.identity()),
                    profile,
                    then.recipe(),
                    rule.key().name(),
                    rule.revision(),
                    event,
                    then.with().resolve(variables) instanceof ObjectNode inputs
                            ? inputs
                            : JsonNodeFactory.instance.objectNode(),
                    principal.ref().toString(),
                    decision.policies(),
                    false,
                    clock.instant()));
        } catch (HelixException e) {
            log.warn(
                    "rule cannot trigger profile={} rule={} event={} reason={}",
                    profile,
                    rule.key().name(),
                    event.id(),
                    e.message());
            gate.record(
                    profile,
                    principal.ref().toString(),
                    "triggerRecipe",
                    new EntityRef("Recipe", profile + "/" + then.recipe()),
                    new Decision.Forbid(List.of(), "the rule's inputs cannot be resolved: " + e.message()),
                    event.id());
            return Optional.empty();
        }
    }

    private static ObjectNode matched(RuleDefinition rule, Event event) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("rule", rule.key().name())
                .put("ruleRevision", rule.revision())
                .put("eventId", event.id())
                .put("eventSource", event.source())
                .put("eventType", event.type());
    }
}
