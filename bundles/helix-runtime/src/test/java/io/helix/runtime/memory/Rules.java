package io.helix.runtime.memory;

import io.helix.api.rule.RuleMatcher;
import io.helix.runtime.access.Gate;
import io.helix.runtime.agent.AgentRegistry;
import io.helix.runtime.control.FailingExpressions;
import io.helix.runtime.document.Catalog;
import io.helix.runtime.document.Compiler;
import io.helix.runtime.document.DocumentReader;
import io.helix.runtime.document.RuleDefinition;
import io.helix.runtime.fact.Facts;
import io.helix.runtime.journal.Journal;
import io.helix.runtime.journal.LiveFeed;
import io.helix.runtime.match.Triggering;
import io.helix.sdk.testing.bus.InMemoryEventBus;
import io.helix.sdk.testing.policy.ScriptedAuthorizer;
import io.helix.sdk.testing.rule.PlainRuleMatcher;
import io.helix.sdk.testing.situation.PlainSituationEngine;
import io.helix.sdk.testing.store.InMemoryStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Rules of tests, and what runs them. */
final class Rules {
    private Rules() {}

    static List<RuleDefinition> scenarios() {
        try (InputStream in = Objects.requireNonNull(
                PlainRuleMatcher.class.getResourceAsStream("scenarios.yaml"), "scenarios.yaml")) {
            return read(new String(in.readAllBytes(), StandardCharsets.UTF_8), 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<RuleDefinition> read(String yaml, long revision) {
        Compiler compiler =
                new Compiler(new FailingExpressions(), new ScriptedAuthorizer(), new AgentRegistry(), new Catalog());
        return DocumentReader.read("default", yaml).stream()
                .map(draft -> compiler.rule(draft.key(), revision, Instant.EPOCH, draft.content()))
                .toList();
    }

    static RuleDefinition one(String yaml) {
        return read(yaml, 1).getFirst();
    }

    /** Memories that nothing is triggered by. */
    static Memories memories(InMemoryEventBus bus, RuleMatcher matcher) {
        InstantSource clock = InstantSource.system();
        LiveFeed live = new LiveFeed(clock);
        ScriptedAuthorizer authorizer = new ScriptedAuthorizer();
        Gate gate = new Gate(authorizer, new Journal(bus, live), clock);
        return new Memories(
                bus,
                new PlainSituationEngine(),
                matcher,
                new Catalog(),
                new InMemoryStore().agentStates(),
                new Facts(new InMemoryStore().agentStates(), clock),
                new Triggering(bus, gate, live, clock),
                clock,
                Optional.empty(),
                new CostGuard());
    }
}
