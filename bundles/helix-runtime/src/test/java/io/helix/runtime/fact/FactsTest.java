package io.helix.runtime.fact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentFacts;
import io.helix.api.control.ControlPlane.Fact;
import io.helix.api.store.AgentStates;
import io.helix.sdk.testing.agent.ManualClock;
import io.helix.sdk.testing.store.InMemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FactsTest {
    private final ManualClock clock = new ManualClock();
    private final InMemoryStore store = new InMemoryStore();
    private Facts facts = new Facts(store.agentStates(), clock);

    private void restart() {
        facts = new Facts(store.agentStates(), clock);
    }

    private Instant set(String name, Object value) {
        JsonNode json = value instanceof Integer number
                ? IntNode.valueOf(number)
                : value instanceof Boolean flag ? BooleanNode.valueOf(flag) : TextNode.valueOf(value.toString());
        return facts.set("home", name, json, "ana").since();
    }

    private JsonNode at(Instant time, String name) {
        return facts.at("home", time).path(name);
    }

    @Test
    void holdsFromTheMomentOnAtWhichItIsSet() {
        clock.advance(Duration.ofHours(1));
        Instant noon = set("mode", "day");
        clock.advance(Duration.ofHours(9));
        Instant night = set("mode", "night");

        assertThat(at(noon.minusNanos(1), "mode").isMissingNode()).isTrue();
        assertThat(at(noon, "mode").asText()).isEqualTo("day");
        assertThat(at(night.minusNanos(1), "mode").asText()).isEqualTo("day");
        assertThat(at(night, "mode").asText()).isEqualTo("night");
        assertThat(at(noon.plusSeconds(1), "mode").asText()).isEqualTo("day");
    }

    @Test
    void whatWasAndIsKnownSurvivesARestart() {
        Instant first = set("mode", "day");
        clock.advance(Duration.ofHours(9));
        set("mode", "night");
        set("gone", true);
        facts.remove("home", "gone", "bob");

        restart();

        assertThat(facts.list("home"))
                .singleElement()
                .isEqualTo(new Fact("mode", TextNode.valueOf("night"), clock.instant(), "ana"));
        assertThat(at(first, "mode").asText()).isEqualTo("day");
        assertThat(facts.list("office")).isEmpty();
    }

    @Test
    void whatIsRemovedIsKnownNoMoreFromThenOn() {
        Instant set = set("maintenance", true);
        clock.advance(Duration.ofMinutes(1));

        assertThat(facts.remove("home", "maintenance", "ana")).isTrue();

        assertThat(at(set, "maintenance").asBoolean()).isTrue();
        assertThat(at(clock.instant(), "maintenance").isMissingNode()).isTrue();
        assertThat(facts.find("home", "maintenance")).isEmpty();
        assertThat(facts.remove("home", "maintenance", "ana")).isFalse();
    }

    @Test
    void settingWhatItIsAlreadyIsNoChange() {
        Instant first = set("mode", "day");
        clock.advance(Duration.ofHours(1));

        assertThat(set("mode", "day")).isEqualTo(first);
    }

    @Test
    void aChangeAfterTheClockWasSetBackHoldsFromThenOn() {
        clock.advance(Duration.ofDays(1));
        Instant ahead = set("mode", "day");
        clock.set(ahead.minus(Duration.ofHours(20)));

        Instant second = set("mode", "night");

        assertThat(second).isEqualTo(clock.instant());
        assertThat(at(second, "mode").asText()).isEqualTo("night");
        assertThat(at(ahead, "mode").asText()).isEqualTo("night");
    }

    @Test
    void aChangeThatTheStoreMadeButDidNotConfirmIsSeenByTheNextOne() {
        Unsure unsure = new Unsure(store.agentStates());
        facts = new Facts(unsure, clock);
        assertThatExceptionOfType(HelixException.class).isThrownBy(() -> set("maintenance", true));
        assertThat(facts.find("home", "maintenance")).isEmpty();

        assertThat(facts.remove("home", "maintenance", "ana")).isTrue();

        restart();
        assertThat(facts.find("home", "maintenance")).isEmpty();
    }

    @Test
    void changesOfSomeDaysAreKept() {
        set("mode", 0);
        clock.advance(Duration.ofDays(1));
        Instant one = set("mode", 1);
        clock.advance(Book.KEPT);
        set("mode", 2);
        clock.advance(Duration.ofSeconds(1));
        set("mode", 3);

        assertThat(at(one, "mode").asInt()).isEqualTo(1);
        assertThat(at(one.minusNanos(1), "mode").isMissingNode()).isTrue();
        assertThat(at(one.plus(Book.KEPT), "mode").asInt()).isEqualTo(2);
    }

    @Test
    void ofOneFactAHundredChangesAreKept() {
        for (int i = 0; i < 250; i++) {
            clock.advance(Duration.ofSeconds(1));
            set("n", i);
        }
        Instant now = clock.instant();

        assertThat(at(now.minusSeconds(99), "n").asInt()).isEqualTo(150);
        assertThat(at(now.minusSeconds(100), "n").isMissingNode()).isTrue();
    }

    @Test
    void aThousandFactsAreAllowedAndOldRemovedOnesMakeRoom() {
        for (int i = 0; i < Book.MOST; i++) {
            set("n" + i, i);
        }
        facts.remove("home", "n7", "ana");
        assertThatExceptionOfType(HelixException.class)
                .isThrownBy(() -> set("another", 1))
                .withMessageContaining("1000 facts");

        clock.advance(Book.KEPT.plusSeconds(1));
        set("another", 1);

        assertThat(facts.list("home")).hasSize(Book.MOST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7up", "night-mode", "a.b", "a b", "ä"})
    void aNameThatNoExpressionCouldSayIsRefused(String name) {
        assertThatExceptionOfType(HelixException.class)
                .isThrownBy(() -> set(name, true))
                .withMessageContaining("is not a name of a fact");
    }

    @Test
    void aValueIsBoundedAndNotNull() {
        set("long", "x".repeat(AgentFacts.LONGEST - 2));
        assertThatExceptionOfType(HelixException.class)
                .isThrownBy(() -> set("long", "x".repeat(AgentFacts.LONGEST - 1)))
                .withMessageContaining("1025 characters");
        assertThatExceptionOfType(HelixException.class)
                .isThrownBy(() -> facts.set("home", "n", NullNode.getInstance(), "ana"))
                .withMessageContaining("cannot be null");
    }

    @Test
    void aProfileThatIsClearedKnowsNothing() {
        set("mode", "day");
        facts.set("office", "mode", TextNode.valueOf("day"), "ana");

        facts.clear("home");
        restart();

        assertThat(facts.at("home", clock.instant()).properties()).isEmpty();
        assertThat(facts.at("office", clock.instant()).properties())
                .containsExactlyInAnyOrderElementsOf(
                        Map.of("mode", (JsonNode) TextNode.valueOf("day")).entrySet());
    }

    @Test
    void onceTheyAreOpenTheyAreKnownAlsoWhileTheDatabaseIsAway() {
        set("mode", "day");
        restart();
        facts.open("home");
        store.away(true);

        assertThat(at(clock.instant(), "mode").asText()).isEqualTo("day");
        assertThatExceptionOfType(HelixException.class).isThrownBy(() -> set("mode", "night"));
        assertThat(at(clock.instant(), "mode").asText()).isEqualTo("day");
        store.away(false);
        assertThat(at(set("mode", "night"), "mode").asText()).isEqualTo("night");
    }

    /** What is seen during a change is what is seen when the same time is looked at again. */
    @Test
    void whoAsksForATimeThatIsBeingChangedWaitsForTheOutcome() throws Exception {
        Instant day = set("mode", "day");
        clock.advance(Duration.ofHours(9));
        CountDownLatch stored = new CountDownLatch(1);
        CountDownLatch storing = new CountDownLatch(1);
        facts = new Facts(new SlowStates(store.agentStates(), storing, stored), clock);
        facts.open("home");
        Thread changing = Thread.ofPlatform().start(() -> set("mode", "night"));
        storing.await();

        assertThat(at(day, "mode").asText()).isEqualTo("day");
        AtomicReference<String> seen = new AtomicReference<>("");
        Thread asking = Thread.ofPlatform()
                .start(() -> seen.set(at(clock.instant(), "mode").asText()));
        await().until(() -> asking.getState() == Thread.State.BLOCKED);
        stored.countDown();
        asking.join();
        changing.join();

        assertThat(seen).hasValue("night");
    }

    /** Stores the first value and says that it cannot. */
    private static final class Unsure extends PassedOn {
        private boolean failed;

        Unsure(AgentStates states) {
            super(states);
        }

        @Override
        public void put(String profile, String agent, String key, String value, @Nullable Instant expires) {
            super.put(profile, agent, key, value, expires);
            if (!failed) {
                failed = true;
                throw HelixException.unavailable("no answer");
            }
        }
    }

    /** Stores a value only when it may. */
    private static final class SlowStates extends PassedOn {
        private final CountDownLatch storing;
        private final CountDownLatch stored;

        SlowStates(AgentStates states, CountDownLatch storing, CountDownLatch stored) {
            super(states);
            this.storing = storing;
            this.stored = stored;
        }

        @Override
        public void put(String profile, String agent, String key, String value, @Nullable Instant expires) {
            storing.countDown();
            try {
                stored.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            super.put(profile, agent, key, value, expires);
        }
    }

    private static class PassedOn implements AgentStates {
        private final AgentStates states;

        PassedOn(AgentStates states) {
            this.states = states;
        }

        @Override
        public Optional<String> get(String profile, String agent, String key, Instant now) {
            return states.get(profile, agent, key, now);
        }

        @Override
        public void put(String profile, String agent, String key, String value, @Nullable Instant expires) {
            states.put(profile, agent, key, value, expires);
        }

        @Override
        public boolean putIfAbsent(String profile, String agent, String key, String value, Instant now) {
            return states.putIfAbsent(profile, agent, key, value, now);
        }

        @Override
        public void remove(String profile, String agent, String key) {
            states.remove(profile, agent, key);
        }

        @Override
        public void change(String profile, String agent, List<Change> changes) {
            states.change(profile, agent, changes);
        }

        @Override
        public Usage changeWithin(String profile, String agent, List<Change> changes, Instant now, Usage most) {
            return states.changeWithin(profile, agent, changes, now, most);
        }

        @Override
        public Usage usageAfter(String profile, String agent, List<Change> changes, Instant now) {
            return states.usageAfter(profile, agent, changes, now);
        }

        @Override
        public List<String> keys(String profile, String agent, String prefix, int limit, Instant now) {
            return states.keys(profile, agent, prefix, limit, now);
        }

        @Override
        public Usage clean(String profile, String agent, Instant now) {
            return states.clean(profile, agent, now);
        }
    }
}
