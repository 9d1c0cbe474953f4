package io.helix.runtime.match;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.event.Channel;
import io.helix.api.event.EventBus;
import io.helix.api.event.EventFormat;
import io.helix.api.event.Message;
import io.helix.api.event.Receipt;
import io.helix.api.policy.Decision;
import io.helix.api.policy.EntityRef;
import io.helix.api.recipe.Trigger;
import io.helix.runtime.access.Gate;
import io.helix.runtime.document.RuleDefinition;
import io.helix.runtime.journal.LiveFeed;
import io.helix.runtime.memory.Firing;
import io.helix.runtime.memory.Keys;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a rule that fires to triggers on the work queue: authorize, resolve inputs, publish. */
public final class Triggering {
    private static final Logger log = LoggerFactory.getLogger(Triggering.class);

    /** Twice the largest event: the event itself and the inputs. */
    private static final int MOST_BYTES = 2 * EventFormat.MAX_BYTES - 65_536;

    private final EventBus bus;
    private final Gate gate;
    private final LiveFeed live;
    private final InstantSource clock;

    public Triggering(EventBus bus, Gate gate, LiveFeed live, InstantSource clock) {
        this.bus = bus;
        this.gate = gate;
        this.live = live;
        this.clock = clock;
    }

    /** Publishes a trigger. */
    public CompletionStage<Receipt> send(Trigger trigger) {
        return send(message(trigger));
    }

    /** Publishes what {@link #triggers} made. */
    public CompletionStage<Receipt> send(Message trigger) {
        return bus.publish(trigger);
    }

    private static Message message(Trigger trigger) {
        return new Message(
                Channel.TRIGGERS,
                trigger.profile(),
                trigger.recipe(),
                trigger.id(),
                trigger.id(),
                Map.of(),
                TriggerFormat.write(trigger));
    }

    /**
     * What a firing triggers, to be sent. What is forbidden, too large, or has inputs that cannot be resolved, is recorded
     * and left out.
     *
     * @param late whether it was due while Helix was not running
     */
    public List<Message> triggers(Firing firing, boolean late) {
        RuleDefinition rule = firing.rule();
        String profile = rule.key().profile();
        live.show("match", profile, () -> matched(firing));
        List<Message> triggers = new ArrayList<>();
        Gate.Principal principal = Gate.rule(profile, rule.key().name());
        for (int i = 0; i < rule.then().size(); i++) {
            RuleDefinition.Consequence then = rule.then().get(i);
            Decision decision = gate.trigger(principal, profile, then.recipe(), firing.event());
            if (decision.permitted()) {
                message(firing, i, principal, decision, late).ifPresent(triggers::add);
            } else {
                refuse(firing, then, principal, decision);
            }
        }
        return triggers;
    }

    private Optional<Message> message(
            Firing firing, int index, Gate.Principal principal, Decision decision, boolean late) {
        try {
            Message message = message(trigger(firing, index, principal, decision, late));
            int length = message.body().length;
            if (length > MOST_BYTES) {
                throw HelixException.invalid(
                        "they have " + length + " bytes with the event; " + MOST_BYTES + " are allowed");
            }
            return Optional.of(message);
        } catch (HelixException e) {
            unresolved(firing, firing.rule().then().get(index), principal, e.message());
            return Optional.empty();
        }
    }

    private void refuse(Firing firing, RuleDefinition.Consequence then, Gate.Principal principal, Decision decision) {
        String profile = firing.rule().key().profile();
        gate.record(
                profile,
                principal.ref().toString(),
                "triggerRecipe",
                new EntityRef("Recipe", profile + "/" + then.recipe()),
                decision,
                firing.event().id());
    }

    private Trigger trigger(Firing firing, int index, Gate.Principal principal, Decision decision, boolean late) {
        RuleDefinition rule = firing.rule();
        RuleDefinition.Consequence then = rule.then().get(index);
        return new Trigger(
                id(firing, index),
                rule.key().profile(),
                then.recipe(),
                rule.key().name(),
                rule.revision(),
                firing.event(),
                then.with().resolve(firing.variables()) instanceof ObjectNode inputs
                        ? inputs
                        : JsonNodeFactory.instance.objectNode(),
                principal.ref().toString(),
                decision.policies(),
                then.dedup() != null,
                late,
                clock.instant());
    }

    private void unresolved(Firing firing, RuleDefinition.Consequence then, Gate.Principal principal, String reason) {
        log.warn(
                "rule cannot trigger rule={} event={} reason={}",
                firing.rule().key(),
                firing.event().id(),
                reason);
        refuse(
                firing,
                then,
                principal,
                new Decision.Forbid(List.of(), "the rule's inputs cannot be resolved: " + reason));
    }

    /**
     * The id of the run that one consequence of a firing leads to.
     *
     * @throws HelixException INVALID when what makes it the same as another cannot be told
     */
    private static String id(Firing firing, int index) {
        return id(firing, index, firing.rule().revision());
    }

    /** The same if the rule had another revision, but was the same otherwise. */
    public static String id(Firing firing, int index, long revision) {
        RuleDefinition rule = firing.rule();
        RuleDefinition.Consequence then = rule.then().get(index);
        if (then.dedup() != null) {
            String same = sameness(then.dedup().resolve(firing.variables()));
            return RunIds.of(List.of(rule.key().profile(), rule.key().name(), "dedup", then.recipe(), same));
        }
        List<String> parts = new ArrayList<>(
                List.of(rule.key().profile(), rule.key().name(), Long.toString(revision), Integer.toString(index)));
        parts.addAll(firing.identity());
        return RunIds.of(parts);
    }

    private static String sameness(JsonNode value) {
        String text = Keys.text(value);
        if (text.isEmpty()) {
            throw HelixException.invalid("dedup is null, or longer than " + Keys.LONGEST + " characters");
        }
        return text;
    }

    private static ObjectNode matched(Firing firing) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("rule", firing.rule().key().name())
                .put("ruleRevision", firing.rule().revision())
                .put("eventId", firing.event().id())
                .put("eventSource", firing.event().source())
                .put("eventType", firing.event().type());
        if (firing.events().size() > 1) {
            firing.events().forEach(node.putArray("events")::add);
        }
        return node;
    }
}
