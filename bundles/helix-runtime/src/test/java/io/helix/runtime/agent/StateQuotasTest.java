package io.helix.runtime.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.HelixException;
import io.helix.api.agent.AgentState;
import io.helix.api.agent.AgentState.Change;
import io.helix.api.store.AgentStates;
import io.helix.api.store.AgentStates.Usage;
import io.helix.sdk.testing.agent.ManualClock;
import io.helix.sdk.testing.store.InMemoryStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StateQuotasTest {
    private final ManualClock clock = new ManualClock();
    private final AgentStates states = new InMemoryStore().agentStates();
    private final StateQuotas quotas = new StateQuotas(states, clock, new Usage(3, 10));
    private final AgentState state = of("under-test");

    private AgentState of(String agent) {
        return new KeptState(states, quotas, clock, "acme", agent);
    }

    private List<String> keys() {
        return state.keys("", 100);
    }

    @Test
    void keysOverTheBoundAreRefused() {
        state.put("a", "");
        state.put("b", "");
        state.put("c", "");

        assertThatThrownBy(() -> state.put("d", ""))
                .isInstanceOf(HelixException.class)
                .hasMessageContaining("3 keys and 10 characters");
        assertThatThrownBy(() -> state.putIfAbsent("d", "")).isInstanceOf(HelixException.class);
        assertThat(keys()).containsExactly("a", "b", "c");
    }

    @Test
    void whatIsPutIfAbsentCountsToo() {
        for (String key : List.of("a", "b", "c")) {
            assertThat(state.putIfAbsent(key, "")).isTrue();
        }
        assertThatThrownBy(() -> state.putIfAbsent("d", "")).isInstanceOf(HelixException.class);
        assertThat(state.putIfAbsent("a", "")).isFalse();
        assertThat(keys()).containsExactly("a", "b", "c");
    }

    @Test
    void charactersOverTheBoundAreRefused() {
        state.put("a", "123456");

        assertThatThrownBy(() -> state.put("b", "12345")).isInstanceOf(HelixException.class);
        state.put("b", "1234");
        assertThat(keys()).containsExactly("a", "b");
    }

    @Test
    void whoKeepsAsMuchAsItMayCanStillChangeIt() {
        state.put("a", "1");
        state.put("b", "2");
        state.put("c", "3");
        for (int i = 0; i < 20; i++) {
            state.put("a", "again " + i % 10);
        }
        assertThat(state.get("a")).contains("again 9");
    }

    @Test
    void whatIsRemovedOrExpiredMakesRoom() {
        state.put("a", "1");
        state.put("b", "2", Duration.ofSeconds(60));
        state.put("c", "3");
        state.remove("a");
        state.put("d", "4");
        clock.advance(Duration.ofSeconds(60));
        state.put("e", "5");

        assertThat(keys()).containsExactly("c", "d", "e");
    }

    @Test
    void changesAreMadeTogetherOrNotAtAll() {
        state.put("a", "1");
        List<Change> tooMany = List.of(
                new Change("a", null, null),
                new Change("b", "2", null),
                new Change("c", "3", null),
                new Change("d", "4", null),
                new Change("e", "5", null));
        assertThatThrownBy(() -> state.check(tooMany)).isInstanceOf(HelixException.class);
        assertThatThrownBy(() -> state.change(tooMany)).isInstanceOf(HelixException.class);
        assertThat(keys()).containsExactly("a");

        state.check(tooMany.subList(0, 4));
        assertThat(keys()).containsExactly("a");
        state.change(tooMany.subList(0, 4));
        assertThat(keys()).containsExactly("b", "c", "d");
    }

    @Test
    void whatWasOnlyCheckedMakesNoRoom() {
        for (String key : List.of("a", "b", "c")) {
            state.put(key, "");
        }
        state.check(List.of(new Change("a", null, null), new Change("b", null, null), new Change("d", "", null)));

        assertThatThrownBy(() -> state.put("d", "")).isInstanceOf(HelixException.class);
        assertThat(keys()).containsExactly("a", "b", "c");
    }

    @Test
    void eachAgentHasItsOwn() {
        for (String agent : List.of("x", "y")) {
            of(agent).change(List.of(new Change("a", "1234567890", null)));
        }
        assertThat(of("x").get("a")).contains("1234567890");
        assertThat(of("y").get("a")).contains("1234567890");
    }

    @Test
    void whatWasThereBeforeCounts() {
        states.put("acme", "under-test", "a", "12345678", null);

        assertThatThrownBy(() -> state.put("b", "123")).isInstanceOf(HelixException.class);
    }
}
