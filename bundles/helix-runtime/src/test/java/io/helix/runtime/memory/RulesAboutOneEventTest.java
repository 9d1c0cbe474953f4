package io.helix.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.helix.api.control.ControlPlane.RuleStatus;
import io.helix.api.event.Channel;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.api.event.Message;
import io.helix.runtime.access.Gate;
import io.helix.runtime.document.Catalog;
import io.helix.runtime.document.RuleDefinition;
import io.helix.runtime.fact.Facts;
import io.helix.runtime.journal.Journal;
import io.helix.runtime.journal.LiveFeed;
import io.helix.runtime.match.EventMatching;
import io.helix.runtime.match.Triggering;
import io.helix.sdk.testing.agent.ManualClock;
import io.helix.sdk.testing.bus.InMemoryEventBus;
import io.helix.sdk.testing.policy.ScriptedAuthorizer;
import io.helix.sdk.testing.rule.PlainRuleMatcher;
import io.helix.sdk.testing.situation.PlainSituationEngine;
import io.helix.sdk.testing.store.InMemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RulesAboutOneEventTest {
    private static final String RULE = """
            apiVersion: helix/v1
            kind: Rule
            metadata: {name: checked}
            spec:
              match: {type: [order]}
              where: event.data.%s == 'open'
              then: [{recipe: note}]
            """;

    private final ManualClock clock = new ManualClock();
    private final InMemoryEventBus bus = new InMemoryEventBus();
    private final PlainRuleMatcher matcher = new PlainRuleMatcher();
    private final InMemoryStore store = new InMemoryStore();
    private final Facts facts = new Facts(store.agentStates(), clock);
    private final Catalog catalog = new Catalog();
    private final LiveFeed live = new LiveFeed(clock);
    private final Triggering triggering =
            new Triggering(bus, new Gate(new ScriptedAuthorizer(), new Journal(bus, live), clock), live, clock);
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong nanosPerLook = new AtomicLong();
    private final Memories memories = new Memories(
            bus,
            new PlainSituationEngine(),
            matcher,
            catalog,
            store.agentStates(),
            facts,
            triggering,
            clock,
            Optional.empty(),
            new CostGuard(() -> nanos.addAndGet(nanosPerLook.get())));
    private int published;

    @AfterEach
    void close() {
        memories.close();
        bus.close();
    }

    private void start(String field) {
        bus.provision("default");
        catalog.addProfile("default");
        RuleDefinition rule = Rules.one(RULE.formatted(field)).since(Instant.EPOCH);
        catalog.put(rule);
        matcher.put(Map.of(rule.key(), rule.only().indexed()));
        new EventMatching(bus, matcher, catalog, facts, triggering, live, memories, clock).start("default");
    }

    private void publish(String state) {
        published++;
        Event event = new Event(
                "e" + published,
                "/shop",
                "order",
                null,
                clock.instant(),
                Map.of(),
                EventFormat.json().createObjectNode().put("state", state));
        bus.publish(new Message(
                        Channel.EVENTS, "default", "order", "k", event.identity(), Map.of(), EventFormat.write(event)))
                .toCompletableFuture()
                .join();
        bus.awaitQuiescence();
    }

    private RuleStatus status() {
        return new RuleStatuses(catalog, memories).of("default").getFirst();
    }

    @Test
    void aConditionThatCannotBeEvaluatedIsCountedAndNotMet() {
        start("unreadable");

        publish("open");
        publish("open");

        assertThat(status().state()).isEqualTo("live");
        assertThat(status().fired()).isZero();
        assertThat(status().failed()).isEqualTo(2);
        assertThat(status().lastFailure()).isEqualTo("no such overload");
    }

    @Test
    void aConditionThatIsNotMetIsNoFailure() {
        start("state");

        publish("shut");

        assertThat(status().failed()).isZero();
        assertThat(status().lastFailure()).isEmpty();
    }

    @Test
    void aRuleWhoseConditionIsDearIsSuspendedAlsoWhenItIsNeverMet() {
        start("state");
        nanosPerLook.set(Duration.ofMillis(200).toNanos());

        for (int i = 0; i < 200; i++) {
            publish("shut");
        }

        assertThat(status().state()).isEqualTo("suspended");
        assertThat(status().reason()).contains("processor");
    }

    @Test
    void aConditionSeesTheFactsOfTheTimeAtWhichItsEventWasStored() {
        start("state == 'open' && facts.armed");
        publish("open");
        facts.set("default", "armed", TextNode.valueOf("open"), "ana");
        publish("open");

        assertThat(status().fired()).isEqualTo(1);
    }
}
