package io.helix.runtime.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import io.helix.api.Health;
import io.helix.api.HelixException;
import io.helix.api.control.Caller;
import io.helix.api.control.ControlPlane.Applied;
import io.helix.api.control.ControlPlane.ApplyOptions;
import io.helix.api.control.ControlPlane.BackTest;
import io.helix.api.control.ControlPlane.Explanation;
import io.helix.api.control.ControlPlane.Firing;
import io.helix.api.control.ControlPlane.RuleStatus;
import io.helix.api.control.ControlPlane.Waiting;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.api.event.Channel;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.api.recipe.Run;
import io.helix.api.store.Projection.AuditQuery;
import io.helix.api.store.Projection.EventQuery;
import io.helix.api.store.Projection.RunQuery;
import io.helix.runtime.access.Gate;
import io.helix.runtime.agent.AgentRegistry;
import io.helix.sdk.testing.bus.InMemoryEventBus;
import io.helix.sdk.testing.policy.ScriptedAuthorizer;
import io.helix.sdk.testing.rule.PlainRuleMatcher;
import io.helix.sdk.testing.situation.PlainSituationEngine;
import io.helix.sdk.testing.store.InMemoryStore;
import io.helix.sdk.testing.vault.InMemoryVault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people do with rules, through the control plane. */
class RuleControlTest {
    private static final String RECIPE = """
            apiVersion: helix/v1
            kind: Recipe
            metadata: {name: note}
            spec: {steps: [{id: a, uses: nothing@1}]}
            """;
    private static final String PAIR = """
            apiVersion: helix/v1
            kind: Rule
            metadata: {name: pair}
            spec:
              key: event.data.id
              pattern:
                within: 1h
                sequence:
                  - {as: placed, match: {type: [placed]}}
                  - {as: paid, match: {type: [paid]}}
              then: [{recipe: note, with: {id: "{{ placed.data.id }}"}}]
              tests:
                - name: pays
                  events:
                    - {at: 0s, type: placed, data: {id: 1}}
                    - {at: 1s, type: paid, data: {id: 1}}
                  expect: {fired: 1}
            """;
    private static final String OPEN = """
            apiVersion: helix/v1
            kind: Rule
            metadata: {name: open}
            spec:
              match: {type: [placed], data: {state: [open]}}
              then: [{recipe: note}]
            """;

    private final InMemoryEventBus bus = new InMemoryEventBus();
    private final InMemoryStore store = new InMemoryStore();
    private final ScriptedAuthorizer authorizer = new ScriptedAuthorizer();
    private final HelixControlPlane helix = new HelixControlPlane(
            bus,
            store,
            authorizer,
            new PlainRuleMatcher(),
            new PlainSituationEngine(),
            new PathExpressions(),
            new InMemoryVault(),
            new AgentRegistry(),
            new HealthRegistry(),
            List.of(),
            Gate.MAX_DEPTH,
            Optional.empty(),
            "test",
            InstantSource.system());
    private final Caller operator = helix.localOperator("ana");

    @BeforeEach
    void start() {
        authorizer.permitAll();
        helix.start();
        await().until(() -> helix.health().stream().allMatch(part -> part.state() == Health.State.UP));
        apply(RECIPE);
    }

    @AfterEach
    void stop() {
        helix.close();
        bus.close();
    }

    private List<Applied> apply(String yaml) {
        return helix.apply(operator, "default", yaml, ApplyOptions.PLAIN);
    }

    private void publish(String id, String type, String data) {
        JsonNode json = EventFormat.parse(data.getBytes(StandardCharsets.UTF_8));
        Event event = new Event(id, "/test", type, null, Instant.now(), Map.of(), json);
        helix.publish(operator, "default", event).toCompletableFuture().join();
        await().until(() -> helix.findEvent(operator, "default", id).isPresent());
    }

    private Explanation explain(String event, String rule) {
        return helix.explain(operator, "default", event, rule);
    }

    @Test
    void aRuleWhoseTestsFailIsRefusedAndNothingChanges() {
        String wrong = PAIR.replace("fired: 1", "fired: 2");

        assertThatExceptionOfType(HelixException.class)
                .isThrownBy(() -> apply(wrong))
                .satisfies(e -> assertThat(e.problems()).singleElement().satisfies(problem -> {
                    assertThat(problem.where()).contains("Rule/pair").contains("pays");
                    assertThat(problem.message()).contains("fired 1 times, expected 2");
                }));

        assertThat(store.documents().find(new DocumentKey("default", Kind.RULE, "pair")))
                .isEmpty();
    }

    @Test
    void whoInsistsGetsAWarning() {
        List<Applied> applied =
                helix.apply(operator, "default", PAIR.replace("fired: 1", "fired: 2"), new ApplyOptions(false, true));

        assertThat(applied)
                .singleElement()
                .satisfies(one -> assertThat(one.warnings())
                        .anySatisfy(warning -> assertThat(warning).contains("test 'pays' fails")));
    }

    @Test
    void testsRunAlsoWithoutApplying() {
        assertThat(helix.testRules(operator, "default", PAIR, null))
                .singleElement()
                .satisfies(report -> assertThat(report.passed()).isTrue());
        assertThatExceptionOfType(HelixException.class)
                .isThrownBy(() -> helix.testRules(operator, "default", null, "pair"))
                .withMessageContaining("rule 'pair' does not exist");

        apply(PAIR);

        assertThat(helix.testRules(operator, "default", null, "pair").getFirst().passed())
                .isTrue();
    }

    @Test
    void anExplanationSaysWhatIsWaitedForAndWithWhatItFired() {
        apply(PAIR);
        publish("p1", "placed", "{\"id\": 1}");

        await().untilAsserted(() -> assertThat(explain("p1", "pair").waiting())
                .extracting(Waiting::eventId)
                .containsExactly("p1"));
        assertThat(explain("p1", "pair").fires()).isFalse();
        assertThat(explain("p1", "pair").summary())
                .contains("placed waits until")
                .contains("for paid");
        assertThat(explain("p1", "pair").roles())
                .satisfiesExactly(
                        placed -> {
                            assertThat(placed.matches()).isTrue();
                            assertThat(placed.key()).isEqualTo("1");
                        },
                        paid -> assertThat(paid.matches()).isFalse());

        publish("p2", "paid", "{\"id\": 1}");

        for (String event : List.of("p1", "p2")) {
            await().untilAsserted(
                            () -> assertThat(explain(event, "pair").fires()).isTrue());
            assertThat(explain(event, "pair").summary()).contains("with p1, p2");
        }
        assertThat(explain("p2", "pair").decision()).isNotNull();
        for (String event : List.of("p1", "p2")) {
            await().untilAsserted(() -> assertThat(explain(event, "pair").runs())
                    .singleElement()
                    .satisfies(run -> assertThat(run.eventId()).isEqualTo("p2")));
        }
    }

    @Test
    void anEventNestedAsDeepAsIsAllowedFiresAndHoldsUpNoOther() {
        String deep = "[".repeat(EventFormat.MAX_DEPTH - 1) + "]".repeat(EventFormat.MAX_DEPTH - 1);
        apply(PAIR.replace("{id: \"{{ placed.data.id }}\"}", "{all: \"{{ placed }}\"}"));
        apply(OPEN.replace("{recipe: note}", "{recipe: note, with: {all: \"{{ event }}\"}}"));

        publish("deep", "placed", "{\"id\": 1, \"state\": \"open\", \"deep\": " + deep + "}");
        publish("paid", "paid", "{\"id\": 1}");

        await().untilAsserted(() -> assertThat(
                        helix.runs(operator, "default", new RunQuery(null, null, null, null, null, 10))
                                .items())
                .extracting(Run::rule)
                .containsExactlyInAnyOrder("pair", "open"));
    }

    @Test
    void anExplanationNamesTheConditionThatFailed() {
        apply(OPEN);
        publish("p1", "placed", "{\"state\": \"shut\"}");
        publish("p2", "placed", "{}");

        assertThat(explain("p1", "open").summary()).contains("data.state is \"shut\"");
        assertThat(explain("p2", "open").summary()).contains("data.state is absent");
    }

    @Test
    void anEventWaitsAsLongAsTheNextStepSays() {
        apply(PAIR.replace("within: 1h", "within: 6h").replace("{as: paid,", "{as: paid, within: 10m,"));
        publish("p1", "placed", "{\"id\": 1}");

        await().untilAsserted(() -> assertThat(explain("p1", "pair").waiting())
                .singleElement()
                .satisfies(waiting -> assertThat(Duration.between(waiting.since(), waiting.until()))
                        .isEqualTo(Duration.ofMinutes(10))));
    }

    @Test
    void anEventThatADigestCollectedSaysWhenItFired() {
        apply(OPEN.replace("spec:", "spec:\n  throttle: {mode: once-after, window: 1s}"));
        for (String event : List.of("p1", "p2", "p3")) {
            publish(event, "placed", "{\"state\": \"open\"}");
        }

        for (String event : List.of("p1", "p2", "p3")) {
            await().untilAsserted(
                            () -> assertThat(explain(event, "open").fires()).isTrue());
            assertThat(explain(event, "open").summary()).contains("collected by the throttle, and fires");
            await().untilAsserted(
                            () -> assertThat(explain(event, "open").runs()).hasSize(1));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 > 2              | where: '1 > 2' is false for every event, so that it can never match
            'a' == 'a'         | where: ''a' == 'a'' is true for every event; leave it out
            vars.limit > 9     | where: 'vars.limit > 9' is false for every event, so that it can never match
            """, quoteCharacter = '"')
    void warnsOfAConditionThatNoEventHasAPartIn(String where, String warning) {
        String rule = OPEN.replace("spec:", "spec:\n  vars: {limit: 5}\n  where: \"" + where.strip() + "\"");

        assertThat(warnings(rule)).singleElement().asString().contains(warning.strip());
        assertThat(warnings(rule.replace(where.strip(), "event.data.n > vars.limit")))
                .isEmpty();
    }

    @Test
    void warnsOfAConditionOfAStepThatNoRunHasAPartIn() {
        String recipe = RECIPE.replace("note", "skips").replace("uses: nothing@1", "uses: nothing@1, when: 1 > 2");

        assertThat(warnings(recipe)).anySatisfy(warning -> assertThat(warning).contains("is always skipped"));
    }

    private List<String> warnings(String documents) {
        return helix.apply(operator, "default", documents, ApplyOptions.PLAIN).stream()
                .flatMap(applied -> applied.warnings().stream())
                .toList();
    }

    @Test
    void aRuleIsYoungerThanEventsBeforeIt() {
        publish("p1", "placed", "{\"state\": \"open\"}");
        apply(OPEN);

        assertThat(explain("p1", "open").fires()).isFalse();
        assertThat(explain("p1", "open").summary()).contains("younger than the event");
    }

    @Test
    void aBackTestSaysWhatAChangeWouldHaveMade() {
        apply(OPEN);
        publish("p1", "placed", "{\"state\": \"open\"}");
        publish("p2", "placed", "{\"state\": \"shut\"}");
        publish("p3", "other", "{}");

        BackTest backTest = helix.backTest(
                operator,
                "default",
                OPEN.replace("[open]", "[shut]"),
                null,
                Instant.now().minusSeconds(3600),
                null);

        assertThat(backTest.complete()).isTrue();
        assertThat(backTest.events()).isEqualTo(3);
        assertThat(backTest.candidate().fired()).isEqualTo(1);
        assertThat(backTest.current()).isNotNull();
        assertThat(backTest.gained()).extracting(Firing::events).containsExactly(List.of("p2"));
        assertThat(backTest.lost()).extracting(Firing::events).containsExactly(List.of("p1"));
        assertThat(bus.messages(Channel.TRIGGERS, "default")).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void showsHowRulesDo() {
        apply(PAIR);
        apply(OPEN.replace("spec:", "spec:\n  enabled: false"));
        publish("p1", "placed", "{\"id\": 1}");
        publish("p2", "placed", "{\"id\": 2}");
        publish("p3", "paid", "{\"id\": 1}");

        await().untilAsserted(() -> assertThat(helix.ruleStatus(operator, "default"))
                .extracting(RuleStatus::name, RuleStatus::state, RuleStatus::remembers, RuleStatus::fired)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("open", "disabled", 0L, 0L),
                        org.assertj.core.groups.Tuple.tuple("pair", "live", 1L, 1L)));
    }

    @Test
    void warnsOfALoopAndOfADouble() {
        apply(OPEN);

        assertThat(apply(OPEN.replace("name: open", "name: twin")).getFirst().warnings())
                .anySatisfy(warning -> assertThat(warning).contains("open"));
    }

    @Test
    void theTimeOfTheLogIsNotForEveryone() {
        assertThatExceptionOfType(HelixException.class)
                .isThrownBy(() -> publish("t", "helix.tick", "{}"))
                .withMessageContaining("Helix's own");
    }

    @Test
    void aTickIsNoEventForPeople() {
        apply(PAIR.replace(
                        "{as: paid, match: {type: [paid]}}", "{as: paid, absent: {within: 1s}, match: {type: [paid]}}")
                .replaceAll("(?s)  tests:.*", "")
                .replace("within: 1h\n    ", "\n    "));
        publish("p1", "placed", "{\"id\": 1}");

        await().untilAsserted(() -> assertThat(helix.ruleStatus(operator, "default"))
                .extracting(RuleStatus::fired)
                .containsExactly(1L));
        assertThat(bus.messages(Channel.EVENTS, "default")).hasSizeGreaterThan(1);
        assertThat(helix.events(operator, "default", new EventQuery(null, null, 10))
                        .items())
                .hasSize(1);
    }

    @Test
    void manyDocumentsAtOnceLeaveADecisionEach() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 1_100; i++) {
            many.append("---\n")
                    .append(OPEN.replace("name: open", "name: r" + i).replace("[placed]", "[t" + i + "]"));
        }
        apply(many.toString());

        await().untilAsserted(() -> assertThat(bus.messages(Channel.JOURNAL, "default").stream()
                        .map(message -> new String(message.body(), StandardCharsets.UTF_8))
                        .mapToInt(body -> body.split("default/r\\d+", -1).length - 1)
                        .sum())
                .isEqualTo(1_100));
        bus.awaitQuiescence();
        assertThat(helix.audit(operator, "default", new AuditQuery(null, "create", null, null, 10))
                        .items())
                .isNotEmpty();
    }

    @Test
    void testsOfARuleSupposeFactsAndChangeThem() {
        apply("""
                apiVersion: helix/v1
                kind: Rule
                metadata: {name: open}
                spec:
                  where: facts.armed == 'true'
                  match: {type: [placed]}
                  then: [{recipe: note}]
                  tests:
                    - name: armed
                      facts: {armed: true}
                      events: [{at: 0s, type: placed}]
                      expect: {fired: 1}
                    - name: disarmed in between
                      events:
                        - {at: 0s, type: placed}
                        - {at: 1m, facts: {armed: true}}
                        - {at: 2m, type: placed}
                        - {at: 3m, facts: {armed: null}}
                        - {at: 4m, type: placed}
                      expect: {fired: 1, because: "with facts {}"}
                """);

        assertThat(helix.testRules(operator, "default", null, "open"))
                .allSatisfy(report -> assertThat(report.cases())
                        .allSatisfy(test -> assertThat(test.passed()).isTrue()));
    }

    @Test
    void anExplanationShowsTheFactsThatAConditionSaw() {
        apply(OPEN.replace("spec:", "spec:\n  where: facts.armed == 'true'"));
        helix.setFact(operator, "default", "armed", BooleanNode.FALSE);
        publish("e1", "placed", "{\"state\": \"open\"}");
        helix.setFact(operator, "default", "armed", BooleanNode.TRUE);

        assertThat(explain("e1", "open").summary()).contains("where is false, with facts {\"armed\":false}");
    }

    @Test
    void anExplanationShowsRunsOfEarlierRevisionsForEachEventOfTheMatch() {
        apply(PAIR);
        publish("p1", "placed", "{\"id\": 1}");
        publish("p2", "paid", "{\"id\": 1}");
        await().untilAsserted(() -> assertThat(explain("p1", "pair").runs()).hasSize(1));

        apply(PAIR.replace("within: 1h", "within: 2h"));

        assertThat(explain("p1", "pair").ruleRevision()).isEqualTo(2);
        assertThat(explain("p1", "pair").runs())
                .singleElement()
                .satisfies(run -> assertThat(run.ruleRevision()).isEqualTo(1));
    }

    @Test
    void aRuleThatIsMadeAnewBeginsToCountAnew() {
        apply(OPEN);
        publish("e1", "placed", "{\"state\": \"open\"}");
        await().untilAsserted(() -> assertThat(helix.ruleStatus(operator, "default"))
                .extracting(RuleStatus::fired)
                .containsExactly(1L));

        helix.delete(operator, new DocumentKey("default", Kind.RULE, "open"), null);
        apply(OPEN);

        assertThat(helix.ruleStatus(operator, "default"))
                .extracting(RuleStatus::fired)
                .containsExactly(0L);
    }
}
