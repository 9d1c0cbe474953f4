package io.helix.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.helix.api.event.Channel;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.api.event.StoredMessage;
import io.helix.api.recipe.Trigger;
import io.helix.api.rule.RuleKey;
import io.helix.api.situation.SituationEngine.Limits;
import io.helix.runtime.document.RuleDefinition;
import io.helix.sdk.testing.situation.PlainSituationEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What rules remember, live: time, restarts, changes, and limits. */
class MemoriesTest {
    private static final String DOOR = """
            apiVersion: helix/v1
            kind: Rule
            metadata: {name: door}
            spec:
              key: event.data.door
              pattern:
                sequence:
                  - {as: opened, match: {type: [opened]}}
                  - {as: closed, absent: {within: 10m}, match: {type: [closed]}}
              state: {onRuleChange: keep}
              then: [{recipe: alert, with: {door: "{{ opened.data.door }}"}}]
            """;
    private static final String PAIR = """
            apiVersion: helix/v1
            kind: Rule
            metadata: {name: pair}
            spec:
              pattern:
                within: 1h
                sequence:
                  - {as: a, match: {type: [a]}}
                  - {as: b, match: {type: [b]}}
              state: {onRuleChange: keep}
              then: [{recipe: note, with: {a: "{{ a.data.n }}"}}]
            """;
    private static final String QUIET = """
            apiVersion: helix/v1
            kind: Rule
            metadata: {name: quiet}
            spec:
              match: {type: [a]}
              throttle: {mode: once-within, window: 1h}
              then: [{recipe: note}]
            """;
    private static final String DIGEST = """
            apiVersion: helix/v1
            kind: Rule
            metadata: {name: digest}
            spec:
              match: {type: [a]}
              throttle: {mode: once-after, window: 5m}
              then: [{recipe: note, with: {count: "{{ match.count }}"}}]
            """;

    @TempDir
    Path home;

    private World world = new World(Optional.empty());

    @AfterEach
    void end() {
        world.close();
    }

    private void begin(String... rules) {
        world.close();
        world = new World(Optional.of(home));
        for (String rule : rules) {
            world.apply(rule, 1);
        }
    }

    private List<String> rulesThatFired() {
        return world.triggers().stream().map(Trigger::rule).toList();
    }

    @Test
    void firesWhenADeadlineHasCome() {
        begin(DOOR);
        world.publish("opened", "{\"door\": 1}");

        world.pass(Duration.ofMinutes(9));
        assertThat(world.triggers()).isEmpty();
        world.pass(Duration.ofMinutes(2));

        assertThat(world.triggers()).singleElement().satisfies(trigger -> {
            assertThat(trigger.inputs().path("door").asInt()).isEqualTo(1);
            assertThat(trigger.event().type()).isEqualTo("opened");
            assertThat(trigger.late()).isFalse();
        });
    }

    @Test
    void makesNoTickWithoutADeadline() {
        begin(PAIR);
        world.publish("a", "{\"n\": 1}");

        world.pass(Duration.ofDays(1));

        assertThat(world.bus.messages(Channel.EVENTS, World.PROFILE)).hasSize(1);
    }

    @Test
    void goesOnAfterAStop() {
        begin(PAIR, DOOR);
        world.publish("a", "{\"n\": 1}");
        world.publish("opened", "{\"door\": 1}");

        world.stop();
        world.start();
        world.publish("b", "{}");
        world.pass(Duration.ofMinutes(11));

        assertThat(rulesThatFired()).containsExactly("pair", "door");
    }

    @Test
    void aKeyWithHalfOfASurrogatePairIsTheSameKeyAfterAStop() {
        begin(PAIR.replace("spec:", "spec:\n  key: event.data.k"));
        world.publish("a", "{\"n\": 1, \"k\": \"\\ud800\"}");
        world.publish("a", "{\"n\": 2, \"k\": \"\\ud801\"}");
        world.publish("a", "{\"n\": 3, \"k\": \"?\"}");

        world.stop();
        world.start();
        world.publish("b", "{\"k\": \"\\ud802\"}");
        world.publish("b", "{\"k\": \"\\ud801\"}");
        world.publish("b", "{\"k\": \"\\ud800\"}");

        assertThat(world.triggers())
                .extracting(trigger -> trigger.inputs().path("a").asInt())
                .containsExactly(2, 1);
    }

    @Test
    void goesOnAfterAKill() {
        begin(PAIR, DOOR);
        world.publish("a", "{\"n\": 1}");
        world.publish("opened", "{\"door\": 1}");

        world.kill();
        world.start();
        world.publish("b", "{}");
        world.publish("closed", "{\"door\": 1}");
        world.pass(Duration.ofMinutes(20));

        assertThat(rulesThatFired()).containsExactly("pair");
    }

    @Test
    void firesNothingTwiceAfterAKill() {
        begin(PAIR, QUIET, DOOR);
        world.publish("a", "{\"n\": 1}");
        world.publish("opened", "{\"door\": 1}");
        world.publish("b", "{}");
        world.pass(Duration.ofMinutes(11));
        assertThat(rulesThatFired()).containsExactly("quiet", "pair", "door");

        world.kill();
        world.start();
        world.publish("b", "{}");
        world.publish("a", "{\"n\": 2}");
        world.pass(Duration.ofMinutes(11));

        assertThat(rulesThatFired()).containsExactly("quiet", "pair", "door");
    }

    @Test
    void aDeadlineThatPassedMeanwhileFiresAtTheStartAndIsLate() {
        begin(DOOR);
        world.publish("opened", "{\"door\": 1}");

        world.kill();
        world.passUnseen(Duration.ofHours(2));
        world.start();
        world.pass(Duration.ofSeconds(1));

        assertThat(world.triggers())
                .singleElement()
                .satisfies(trigger -> assertThat(trigger.late()).isTrue());
    }

    @Test
    void whatCameWhileNothingRanCounts() {
        begin(DOOR);
        world.publish("opened", "{\"door\": 1}");
        world.publish("opened", "{\"door\": 2}");

        world.stop();
        world.clock.advance(Duration.ofMinutes(5));
        world.send("closed", "{\"door\": 1}");
        world.clock.advance(Duration.ofHours(1));
        world.start();
        world.pass(Duration.ofSeconds(1));

        assertThat(world.triggers())
                .singleElement()
                .satisfies(trigger ->
                        assertThat(trigger.inputs().path("door").asInt()).isEqualTo(2));
    }

    @Test
    void readsTheLogAgainWhenItsCheckpointIsDamaged() throws IOException {
        begin(PAIR, QUIET);
        world.publish("a", "{\"n\": 1}");
        world.stop();
        Path checkpoint = home.resolve("memory/default.checkpoint");
        byte[] bytes = Files.readAllBytes(checkpoint);
        bytes[bytes.length / 2] ^= 0x55;
        Files.write(checkpoint, bytes);

        world.start();
        world.publish("a", "{\"n\": 2}");
        world.publish("b", "{}");

        assertThat(rulesThatFired()).containsExactly("quiet", "pair");
        assertThat(world.triggers().getLast().inputs().path("a").asInt()).isEqualTo(1);
    }

    @Test
    void readsTheLogAgainWithoutACheckpoint() throws IOException {
        begin(PAIR, DIGEST);
        world.publish("a", "{\"n\": 1}");
        world.publish("a", "{\"n\": 2}");
        world.kill();
        Files.delete(home.resolve("memory/default.checkpoint"));

        world.start();
        world.publish("b", "{}");
        world.pass(Duration.ofMinutes(6));

        assertThat(rulesThatFired()).containsExactly("pair", "digest");
        assertThat(world.triggers().getLast().inputs().path("count").asInt()).isEqualTo(2);
    }

    @Test
    void keepsThrottlesOverRestarts() {
        begin(QUIET, DIGEST);
        world.publish("a", "{}");
        world.stop();
        world.start();
        world.publish("a", "{}");
        world.pass(Duration.ofMinutes(6));
        world.stop();
        world.start();
        world.publish("a", "{}");
        world.pass(Duration.ofHours(1));
        world.publish("a", "{}");

        assertThat(rulesThatFired()).containsExactly("quiet", "digest", "digest", "quiet");
    }

    @Test
    void sendsATriggerOnceWhenItCouldNotBeStoredAtFirst() {
        begin(PAIR);
        world.publish("a", "{\"n\": 1}");
        world.send("b", "{}");
        world.bus.awaitQuiescence();
        world.publish("a", "{\"n\": 2}");
        world.send("b", "{}");
        world.bus.setFull(true);
        world.bus.setFull(false);
        world.bus.awaitQuiescence();

        assertThat(rulesThatFired()).containsExactly("pair", "pair");
    }

    @Test
    void aTriggerThatIsTooLargeDoesNotStopTheOthers() {
        begin(DIGEST.replace("{{ match.count }}", "{{ matches }}"), PAIR);
        String large = "{\"n\": 1, \"text\": \"" + "x".repeat(200_000) + "\"}";
        for (int i = 0; i < 8; i++) {
            world.publish("a", large);
        }
        world.pass(Duration.ofMinutes(6));
        world.publish("b", "{}");

        assertThat(rulesThatFired()).containsExactly("pair");
        assertThat(world.bus.messages(Channel.JOURNAL, "default"))
                .anySatisfy(entry -> assertThat(new String(entry.body(), StandardCharsets.UTF_8))
                        .contains("are allowed"));
    }

    @Test
    void aTriggerThatCannotBeWrittenIsRecordedAsRefusedAndHoldsUpNobody() {
        begin(PAIR.replace("name: pair", "name: deep").replace("{{ a.data.n }}", "{{ a.data.bottomless }}"), PAIR);
        world.publish("a", "{\"n\": 1}");
        world.publish("b", "{}");
        world.publish("a", "{\"n\": 2}");
        world.publish("b", "{}");

        assertThat(rulesThatFired()).containsExactly("pair", "pair");
        assertThat(world.bus.messages(Channel.JOURNAL, "default"))
                .extracting(entry -> new String(entry.body(), StandardCharsets.UTF_8))
                .filteredOn(entry -> entry.contains("default/deep"))
                .hasSize(2)
                .allSatisfy(entry -> assertThat(entry).contains("triggerRecipe").contains("nested more than"));
    }

    @Test
    void moreTriggersThanTheMeshTakesAtOnceAreAllSent() {
        begin(DOOR);
        for (int i = 0; i < 700; i++) {
            world.send("opened", "{\"door\": " + i + "}");
        }
        world.bus.awaitQuiescence();
        world.pass(Duration.ofMinutes(11));

        assertThat(world.triggers()).hasSize(700);
    }

    @Test
    void aRuleThatIsMadeWhileTheMeshIsAwayBeginsWhenItIsBack() {
        begin();
        world.bus.provision("other");
        world.catalog.addProfile("other");
        world.memories.start("nowhere");
        RuleDefinition rule = Rules.one(PAIR);
        world.catalog.put(new RuleDefinition(
                new io.helix.api.rule.RuleKey("nowhere", "pair"),
                1,
                world.clock.instant(),
                Duration.ZERO,
                true,
                rule.situation(),
                rule.roles(),
                rule.where(),
                rule.throttle(),
                rule.clock(),
                rule.lateness(),
                rule.onRuleChange(),
                rule.vars(),
                rule.then(),
                rule.tests()));

        world.memories.reconcile("nowhere");
        assertThat(world.memories.health().state()).isEqualTo(io.helix.api.Health.State.DEGRADED);

        world.bus.provision("nowhere");
        world.pass(Duration.ofSeconds(6));
        assertThat(world.memories.health().state()).isEqualTo(io.helix.api.Health.State.UP);
        assertThat(world.bus.handled(Channel.EVENTS, "nowhere", MemoryKeeper.CONSUMER))
                .isPresent();
    }

    @Test
    void aNewRuleDoesNotSeeOlderEvents() {
        begin(QUIET);
        world.publish("a", "{\"n\": 1}");
        world.clock.advance(Duration.ofSeconds(1));

        world.apply(PAIR, 1);
        world.publish("b", "{}");

        assertThat(rulesThatFired()).containsExactly("quiet");
    }

    @Test
    void aNewRuleMayBeAskedToLookBack() {
        begin(DOOR);
        world.publish("a", "{\"n\": 1}");
        world.publish("b", "{}");
        world.publish("a", "{\"n\": 2}");
        world.clock.advance(Duration.ofMinutes(30));

        world.apply(PAIR.replace("spec:", "spec:\n  lookBack: 1h"), 1);
        world.apply(QUIET.replace("spec:", "spec:\n  lookBack: 10m"), 1);
        assertThat(rulesThatFired()).containsExactly("pair");

        world.kill();
        world.start();
        world.publish("b", "{}");
        assertThat(world.triggers())
                .extracting(trigger -> trigger.inputs().path("a").asInt())
                .containsExactly(1, 2);
    }

    @Test
    void theFirstRuleOfAProfileMayLookBackToo() {
        begin();
        world.publish("a", "{\"n\": 1}");
        world.publish("b", "{}");
        world.publish("opened", "{\"door\": 1}");
        world.clock.advance(Duration.ofMinutes(30));

        world.apply("""
                apiVersion: helix/v1
                kind: Rule
                metadata: {name: plain}
                spec:
                  lookBack: 1h
                  match: {type: [a]}
                  then: [{recipe: note}]
                """, 1);
        world.apply(DOOR.replace("spec:", "spec:\n  lookBack: 1h"), 1);
        world.publish("a", "{\"n\": 2}");

        assertThat(rulesThatFired()).containsExactly("plain", "door", "plain");
    }

    @Test
    void aChangedRuleKeepsWhatItRemembers() {
        begin(PAIR);
        world.publish("a", "{\"n\": 1}");
        world.clock.advance(Duration.ofSeconds(1));

        world.apply(PAIR.replace("within: 1h", "within: 2h"), 2);
        world.clock.advance(Duration.ofMinutes(90));
        world.publish("b", "{}");

        assertThat(world.triggers())
                .singleElement()
                .satisfies(trigger -> assertThat(trigger.ruleRevision()).isEqualTo(2));
    }

    @Test
    void aChangedRuleMayDropWhatItRemembers() {
        begin(PAIR.replace("keep", "drop"));
        world.publish("a", "{\"n\": 1}");
        world.clock.advance(Duration.ofSeconds(1));

        world.apply(PAIR.replace("keep", "drop").replace("1h", "2h"), 2);
        world.publish("b", "{}");
        assertThat(world.triggers()).isEmpty();

        world.kill();
        world.start();
        world.publish("b", "{}");
        assertThat(world.triggers()).isEmpty();
    }

    @Test
    void aChangedRuleMayLookAtItsWindowAgain() {
        begin(PAIR.replace("keep", "re-evaluate"));
        world.publish("x", "{\"n\": 7}");
        world.clock.advance(Duration.ofSeconds(1));

        world.apply(PAIR.replace("keep", "re-evaluate").replace("type: [a]", "type: [x]"), 2);
        assertThat(world.triggers()).isEmpty();
        world.publish("b", "{}");

        assertThat(world.triggers())
                .singleElement()
                .satisfies(trigger ->
                        assertThat(trigger.inputs().path("a").asInt()).isEqualTo(7));
    }

    @Test
    void aChangedRuleLooksAtItsWindowAgainAlsoWhenTheServerIsKilledAtOnce() {
        begin(PAIR.replace("keep", "re-evaluate"));
        world.publish("x", "{\"n\": 7}");
        world.clock.advance(Duration.ofSeconds(1));

        world.apply(PAIR.replace("keep", "re-evaluate").replace("type: [a]", "type: [x]"), 2);
        world.kill();
        world.start();
        world.publish("b", "{}");

        assertThat(world.triggers())
                .singleElement()
                .satisfies(trigger ->
                        assertThat(trigger.inputs().path("a").asInt()).isEqualTo(7));
    }

    @Test
    void aRuleThatIsGoneFiresNoMore() {
        begin(DOOR, QUIET);
        world.publish("opened", "{\"door\": 1}");

        RuleDefinition door = Rules.one(DOOR);
        world.catalog.remove(new io.helix.api.document.DocumentKey(
                "default", io.helix.api.document.Kind.RULE, door.key().name()));
        world.memories.reconcile("default");
        world.pass(Duration.ofHours(1));

        assertThat(world.triggers()).isEmpty();
    }

    @Test
    void withoutRulesNothingIsRead() {
        begin(PAIR);
        world.catalog.remove(new io.helix.api.document.DocumentKey("default", io.helix.api.document.Kind.RULE, "pair"));
        world.memories.reconcile("default");

        assertThat(world.bus.handled(Channel.EVENTS, "default", MemoryKeeper.CONSUMER))
                .isEmpty();
        assertThat(home.resolve("memory/default.checkpoint")).doesNotExist();
    }

    @Test
    void aRuleThatTakesTooMuchIsSuspendedAndTheOthersGoOn() {
        world.close();
        PlainSituationEngine plain = new PlainSituationEngine();
        world = new World(
                Optional.of(home), (partitions, limits) -> plain.open(partitions, new Limits(3, limits.candidates())));
        world.apply(PAIR, 1);
        world.apply(DOOR, 1);
        for (int i = 0; i < 4; i++) {
            world.publish("a", "{\"n\": 1}");
        }
        world.publish("opened", "{\"door\": 1}");
        world.publish("b", "{}");

        RuleDefinition pair = world.catalog.rule(Rules.one(PAIR).key()).orElseThrow();
        assertThat(world.memories.suspension(pair))
                .hasValueSatisfying(reason -> assertThat(reason).contains("more than 3 events"));
        assertThat(world.bus.messages(Channel.EVENTS, "default"))
                .extracting(StoredMessage::route)
                .contains("helix.rule.suspended");

        world.kill();
        world.start();
        world.publish("b", "{}");
        world.pass(Duration.ofMinutes(11));
        assertThat(rulesThatFired()).containsExactly("door");

        world.memories.resume(pair);
        world.publish("a", "{\"n\": 9}");
        world.publish("b", "{}");
        assertThat(rulesThatFired()).containsExactly("door", "pair");
    }

    private void assertGivenUp(String yaml, String reason) {
        RuleDefinition rule = world.catalog.rule(Rules.one(yaml).key()).orElseThrow();
        assertThat(world.memories.suspension(rule))
                .hasValueSatisfying(found -> assertThat(found).contains(reason));
        assertThat(world.bus.messages(Channel.EVENTS, "default"))
                .extracting(StoredMessage::route)
                .containsOnlyOnce("helix.rule.suspended");
    }

    @Test
    void aRuleThatThrowsIsSuspendedAndTheOthersGoOn() {
        String throwing = QUIET.replace("spec:", "spec:\n  where: event.data.explodes == 1");
        begin(throwing, PAIR);

        world.publish("a", "{\"n\": 1}");
        world.publish("a", "{\"n\": 2}");
        world.publish("b", "{}");

        assertGivenUp(throwing, "it fails with event 'e1': java.lang.IllegalStateException: boom");
        assertThat(rulesThatFired()).containsExactly("pair");
    }

    @Test
    void aRuleWhoseConditionOnSeveralEventsThrowsIsSuspendedAndTheOthersGoOn() {
        String throwing = PAIR.replace("name: pair", "name: throwing")
                .replace("spec:", "spec:\n  where: a.data.explodes == b.data.explodes");
        begin(throwing, PAIR);

        world.publish("a", "{\"n\": 1}");
        world.publish("b", "{}");

        assertGivenUp(throwing, "boom");
        assertThat(rulesThatFired()).containsExactly("pair");
    }

    @Test
    void aThrottleOfMoreKeysThanAllowedSuspendsItsRuleAndTheOthersGoOn() {
        String keyed = QUIET.replace("spec:", "spec:\n  key: event.data.n");
        RuleDefinition quiet = Rules.one(keyed);
        begin();
        try (RuleMemory memory = world.memories.rehearsal(World.PROFILE, RuleMemory.Watcher.NONE)) {
            memory.put(List.of(quiet, Rules.one(DOOR)));
            List<Arrival> arrivals = IntStream.rangeClosed(0, Throttles.Limits.DEFAULT.keys())
                    .mapToObj(i -> arrival(i + 1, i))
                    .toList();

            int half = arrivals.size() / 2;
            assertThat(memory.take(arrivals.subList(0, half)).givenUp()).isEmpty();
            assertThat(memory.take(arrivals.subList(half, arrivals.size())).givenUp())
                    .extracting(RuleMemory.GivenUp::reason)
                    .containsExactly("its throttle has more than 100000 keys at a time");
            assertThat(memory.rules()).containsOnlyKeys("door");
        }
    }

    private static Arrival arrival(long sequence, int n) {
        Instant stored = Instant.EPOCH.plusSeconds(1);
        JsonNode data = JsonNodeFactory.instance.objectNode().put("n", n);
        Event event = new Event("e" + n, "/world", "a", null, stored, Map.of(), data);
        return new Arrival(sequence, stored, event, EventFormat.write(event));
    }

    @Test
    void conditionsThatCannotBeEvaluatedAreCounted() {
        String where = "where: a.data.unreadable == b.data.n && b.data.n == 1";
        world.apply(PAIR.replace("pattern:", where + "\n  pattern:"), 1);

        assertThat(failed("pair")).isEqualTo(new Failures.Failed(0, ""));
        world.publish("a", "{}");
        world.publish("b", "{\"n\": 1}");
        assertThat(failed("pair")).isEqualTo(new Failures.Failed(1, "no such overload"));

        world.apply(PAIR, 2);
        assertThat(failed("pair").count()).isZero();
        assertThat(world.triggers()).isEmpty();
    }

    private Failures.Failed failed(String rule) {
        RuleDefinition live =
                world.catalog.rule(new RuleKey(World.PROFILE, rule)).orElseThrow();
        return world.memories.keeper(World.PROFILE).orElseThrow().failed(live);
    }

    private void set(String fact, boolean value) {
        world.facts.set(World.PROFILE, fact, BooleanNode.valueOf(value), "ana");
    }

    @Test
    void aConditionOnOneEventSeesTheFactsOfItsTimeAlsoWhenTheLogIsReadAgain() throws IOException {
        begin(PAIR.replace("{as: a, match: {type: [a]}}", "{as: a, match: {type: [a]}, where: facts.armed == 'true'}"));
        set("armed", false);
        world.publish("a", "{\"n\": 1}");
        world.clock.advance(Duration.ofMinutes(1));
        set("armed", true);
        world.publish("a", "{\"n\": 2}");
        world.clock.advance(Duration.ofMinutes(1));
        set("armed", false);

        world.kill();
        Files.deleteIfExists(home.resolve("memory").resolve(World.PROFILE + ".checkpoint"));
        world.start();
        world.publish("b", "{}");
        world.publish("b", "{}");

        assertThat(world.triggers())
                .extracting(trigger -> trigger.inputs().path("a").asInt())
                .containsExactly(2);
    }

    @Test
    void aConditionOnSeveralEventsSeesTheFactsOfTheTimeAtWhichTheyComeTogether() {
        begin(DOOR.replace("key: event", "where: opened.data.door > 0 && facts.armed == 'true'\n  key: event"));
        set("armed", false);
        world.publish("opened", "{\"door\": 1}");
        world.pass(Duration.ofMinutes(5));
        set("armed", true);
        world.publish("opened", "{\"door\": 2}");
        world.pass(Duration.ofMinutes(7));
        set("armed", false);
        world.pass(Duration.ofMinutes(10));

        assertThat(world.triggers())
                .extracting(trigger -> trigger.inputs().path("door").asInt())
                .containsExactly(1);
    }

    @Test
    void factsAreAtHandForTheInputsOfARecipe() {
        begin(QUIET.replace("[{recipe: note}]", "[{recipe: note, with: {armed: '{{ facts.armed }}'}}]"));
        set("armed", true);

        world.publish("a", "{}");

        assertThat(world.triggers())
                .singleElement()
                .satisfies(trigger ->
                        assertThat(trigger.inputs().path("armed").asBoolean()).isTrue());
    }

    @Test
    void matchesThatAreTheSameToARuleHaveOneRunWhateverItsRevision() {
        String once = PAIR.replace("recipe: note,", "recipe: note, dedup: '{{ b.data.order }}',");
        begin(once);
        List.of(7, 7, 8).forEach(this::pair);
        world.apply(once.replace("within: 1h", "within: 2h"), 2);
        pair(8);

        assertThat(world.triggers()).extracting(Trigger::once).containsOnly(true);
        assertThat(world.triggers())
                .extracting(Trigger::id)
                .doesNotHaveDuplicates()
                .hasSize(2);
    }

    private void pair(int order) {
        world.publish("a", "{\"n\": 1}");
        world.publish("b", "{\"order\": " + order + "}");
    }

    @Test
    void aMatchOfWhichNobodyCanTellWhatItIsTheSameAsTriggersNothing() {
        begin(PAIR.replace("recipe: note,", "recipe: note, dedup: '{{ b.data.order }}',"));

        world.publish("a", "{\"n\": 1}");
        world.publish("b", "{}");

        assertThat(world.triggers()).isEmpty();
    }

    @Test
    void whatIsPlayedAgainAtAStartIsNotCounted() throws IOException {
        begin(QUIET, PAIR.replace("spec:", "spec:\n  where: a.data.unreadable == b.data.n"));
        world.publish("a", "{}");
        world.publish("b", "{\"n\": 1}");
        MemoryKeeper before = world.memories.keeper(World.PROFILE).orElseThrow();
        assertThat(before.counts("quiet").fired).isEqualTo(1);

        world.kill();
        Files.deleteIfExists(home.resolve("memory").resolve(World.PROFILE + ".checkpoint"));
        world.start();

        MemoryKeeper after = world.memories.keeper(World.PROFILE).orElseThrow();
        assertThat(after.counts("quiet").fired).isZero();
        assertThat(failed("pair").count()).isZero();
        assertThat(after.rememberedCount("pair")).isEqualTo(2);
    }
}
