package io.helix.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.HelixException;
import io.helix.runtime.document.RuleDefinition;
import io.helix.sdk.testing.store.InMemoryStore;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SuspensionsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final InMemoryStore store = new InMemoryStore();
    private final Suspensions suspensions = new Suspensions(store.agentStates());
    private final RuleDefinition rule = Rules.one("""
            apiVersion: helix/v1
            kind: Rule
            metadata: {name: dear}
            spec:
              match: {type: [a]}
              then: [{recipe: note}]
            """);

    @Test
    void aRuleIsGivenUpOnceAndForGood() {
        assertThat(suspensions.add(rule, "too dear", NOW)).isTrue();
        assertThat(suspensions.add(rule, "again", NOW)).isFalse();

        assertThat(suspensions.reason(rule)).contains("too dear");
        assertThat(new Suspensions(store.agentStates()).reason(rule)).contains("too dear");
    }

    @Test
    void whatCouldNotBeStoredIsTriedAgain() {
        assertThat(suspensions.reason(rule)).isEmpty();
        store.away(true);
        assertThatThrownBy(() -> suspensions.add(rule, "too dear", NOW)).isInstanceOf(HelixException.class);
        store.away(false);

        assertThat(suspensions.add(rule, "too dear", NOW)).isTrue();
        assertThat(new Suspensions(store.agentStates()).reason(rule)).contains("too dear");
    }

    @Test
    void aRuleThatMayGoOnIsForgotten() {
        suspensions.add(rule, "too dear", NOW);
        suspensions.remove(rule);

        assertThat(suspensions.reason(rule)).isEmpty();
        assertThat(new Suspensions(store.agentStates()).reason(rule)).isEmpty();
    }
}
