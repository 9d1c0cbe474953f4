package io.helix.runtime.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.helix.api.ErrorKind;
import io.helix.api.Health;
import io.helix.api.HelixException;
import io.helix.api.Problem;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.HttpCaller;
import io.helix.api.agent.PluginSource.Trial;
import io.helix.api.agent.WebhookReceiver;
import io.helix.api.control.Caller;
import io.helix.api.control.ControlPlane.Applied;
import io.helix.api.control.ControlPlane.ApplyOptions;
import io.helix.api.control.LiveItem;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.api.event.Channel;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.api.event.Message;
import io.helix.api.recipe.Run;
import io.helix.api.recipe.RunState;
import io.helix.api.recipe.StepRecord;
import io.helix.api.recipe.StepState;
import io.helix.api.recipe.Trigger;
import io.helix.api.store.Projection.AuditEntry;
import io.helix.api.store.Projection.AuditQuery;
import io.helix.api.store.Projection.RunQuery;
import io.helix.runtime.access.Gate;
import io.helix.runtime.agent.AgentRegistry;
import io.helix.runtime.document.TypeRef;
import io.helix.runtime.match.TriggerFormat;
import io.helix.sdk.testing.bus.InMemoryEventBus;
import io.helix.sdk.testing.policy.ScriptedAuthorizer;
import io.helix.sdk.testing.rule.PlainRuleMatcher;
import io.helix.sdk.testing.situation.PlainSituationEngine;
import io.helix.sdk.testing.store.InMemoryStore;
import io.helix.sdk.testing.vault.InMemoryVault;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole line in one JVM: event, rule, policy, recipe, agents, record. */
class HelixControlPlaneTest {
    private static final String RECIPE = """
            apiVersion: helix/v1
            kind: Recipe
            metadata: {name: note}
            spec:
              inputs:
                title: {type: string, required: true}
              steps:
                - id: shout
                  uses: test.shout@1
                  with: {suffix: "!"}
                - id: write
                  needs: [shout]
                  uses: test.write@1
                  with: {text: "{{ steps.shout.output.text }} for {{ inputs.title }}"}
            """;
    private static final String RULE = """
            apiVersion: helix/v1
            kind: Rule
            metadata: {name: on-order}
            spec:
              match: {type: [order.created]}
              where: event.data.state == 'open'
              then:
                - recipe: note
                  with: {title: "{{ event.data.title }}"}
            """;

    private static final String PLUGIN = """
            apiVersion: helix/v1
            kind: Recipe
            metadata: {name: plugin}
            spec:
              steps: [{id: call, uses: test.plugin@1}]
            """;

    @TempDir
    Path home;

    private final InMemoryEventBus bus = new InMemoryEventBus();
    private final InMemoryStore store = new InMemoryStore();
    private final ScriptedAuthorizer authorizer = new ScriptedAuthorizer();
    private final InMemoryVault vault = new InMemoryVault();
    private final AgentRegistry registry = new AgentRegistry();
    private final List<String> written = new CopyOnWriteArrayList<>();
    private HelixControlPlane helix = plane();
    private Caller operator = helix.localOperator("ana");

    private HelixControlPlane plane() {
        return new HelixControlPlane(
                bus,
                store,
                authorizer,
                new PlainRuleMatcher(),
                new PlainSituationEngine(),
                new FailingExpressions(),
                vault,
                registry,
                new HealthRegistry(),
                List.of(),
                Gate.MAX_DEPTH,
                Optional.ofNullable(home),
                "test",
                InstantSource.system());
    }

    @BeforeEach
    void start() {
        helix.close();
        helix = plane();
        operator = helix.localOperator("ana");
        authorizer.permitAll();
        registry.add(
                TestTypes.transformer("test.shout", (event, context) -> {
                    String text = event.data().path("title").asText().toUpperCase(java.util.Locale.ROOT)
                            + context.config().path("suffix").asText();
                    context.emit(EventDraft.of(
                            "shouted", EventFormat.json().createObjectNode().put("text", text)));
                }),
                "test",
                "1");
        registry.add(
                TestTypes.action("test.write", (event, context) -> {
                    written.add(context.config().path("text").asText());
                    return TextNode.valueOf("written");
                }),
                "test",
                "1");
        helix.start();
        awaitReady();
    }

    private void awaitReady() {
        await().until(() -> helix.health().stream().anyMatch(health -> health.state() == Health.State.UP));
    }

    @AfterEach
    void stop() {
        helix.close();
        bus.close();
    }

    private static Event order(String id, String state) {
        JsonNode data =
                EventFormat.json().createObjectNode().put("title", "tea").put("state", state);
        return new Event(id, "/shop", "order.created", null, Instant.parse("2026-01-01T00:00:00Z"), Map.of(), data);
    }

    private List<Applied> apply(String text) {
        return helix.apply(operator, "default", text, ApplyOptions.PLAIN);
    }

    private List<Run> runs() {
        bus.awaitQuiescence();
        return helix.runs(operator, "default", new RunQuery(null, null, null, null, null, 50))
                .items();
    }

    private void publish(Event event) {
        helix.publish(operator, "default", event).toCompletableFuture().join();
    }

    @Test
    void anEventThatMatchesRunsTheRecipeAndIsRecorded() {
        apply(RECIPE + "---\n" + RULE);

        publish(order("1", "open"));

        assertThat(runs()).hasSize(1);
        Run run = runs().getFirst();
        assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(run.rule()).isEqualTo("on-order");
        assertThat(run.policies()).isNotEmpty();
        assertThat(run.steps()).extracting(StepRecord::step).containsExactly("shout", "write");
        assertThat(written).containsExactly("TEA! for tea");
    }

    @Test
    void aRuleThatThrowsIsSuspendedAndTheOthersGoOn() {
        String throwing =
                RULE.replace("name: on-order", "name: throwing").replace("event.data.state", "event.data.explodes");
        apply(RECIPE + "---\n" + throwing + "---\n" + RULE);

        publish(order("1", "open"));
        bus.awaitQuiescence();
        publish(order("2", "open"));

        assertThat(runs()).extracting(Run::rule).containsExactly("on-order", "on-order");
        assertThat(helix.ruleStatus(operator, "default"))
                .filteredOn(rule -> rule.name().equals("throwing"))
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.state()).isEqualTo("suspended");
                    assertThat(rule.reason())
                            .isEqualTo("it fails with event '1': java.lang.IllegalStateException: boom");
                });
        assertThat(bus.messages(Channel.EVENTS, "default"))
                .filteredOn(message -> message.route().equals("helix.rule.suspended"))
                .hasSize(1);
    }

    @Test
    void anEventWithDataThatAConditionCannotTakeIsNoFault() {
        apply(RECIPE + "---\n" + RULE);

        publish(new Event("1", "/shop", "order.created", null, Instant.EPOCH, Map.of(), new TextNode("no object")));
        publish(order("2", "open"));

        assertThat(runs()).hasSize(1);
        assertThat(helix.ruleStatus(operator, "default"))
                .singleElement()
                .satisfies(rule -> assertThat(rule.state()).isEqualTo("live"));
    }

    @Test
    void anEventForWhichWhereIsFalseRunsNothing() {
        apply(RECIPE + "---\n" + RULE);

        publish(order("1", "closed"));

        assertThat(runs()).isEmpty();
    }

    @Test
    void anEventPublishedTwiceRunsOnce() {
        apply(RECIPE + "---\n" + RULE);

        publish(order("1", "open"));
        publish(order("1", "open"));

        assertThat(runs()).hasSize(1);
        assertThat(written).hasSize(1);
    }

    @Test
    void aDeniedTriggerIsRecordedWithItsPolicy() {
        apply(RECIPE + "---\n" + RULE);
        authorizer.forbidAction("no-triggers", "triggerRecipe");

        publish(order("1", "open"));

        assertThat(runs()).isEmpty();
        assertThat(helix.audit(operator, "default", new AuditQuery(false, null, "1", null, 10))
                        .items())
                .singleElement()
                .satisfies(entry -> assertThat(entry.policies()).containsExactly("no-triggers"));
    }

    @Test
    void theStatementsOfAPolicyDocumentHoldTogetherUnderItsName() {
        String permit = "permit (principal, action, resource);\n";
        String forbid = "forbid (principal, action == Helix::Action::\"callHttp\", resource);\n";

        apply(policy("team", permit + forbid));

        assertThat(authorizer.policies("default")).containsEntry("team", permit + forbid);
    }

    @Test
    void aPolicyThatIsNotValidIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> apply(policy("team", "broken")))
                .isInstanceOfSatisfying(
                        HelixException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        new Problem("Policy/team spec.cedar line 1, column 1", "team is broken")));
        assertThat(authorizer.policies("default")).doesNotContainKey("team");
    }

    private static String policy(String name, String cedar) {
        return """
                apiVersion: helix/v1
                kind: Policy
                metadata: {name: %s}
                spec:
                  cedar: |
                %s
                """.formatted(name, cedar.strip().indent(4));
    }

    @Test
    void aDeniedStepFailsTheRun() {
        apply(RECIPE + "---\n" + RULE);
        authorizer.forbidAction("no-agents", "invokeAgent");

        publish(order("1", "open"));

        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.state()).isEqualTo(RunState.FAILED);
            assertThat(run.error()).contains("no-agents");
        });
    }

    private void applyPluginStep(AgentType type) {
        registry.add(type, "test", "1");
        String rule = RULE.substring(0, RULE.indexOf("- recipe:")) + "- recipe: plugin\n";
        apply(PLUGIN + "---\n" + rule);
    }

    private List<AuditEntry> refusals(String action) {
        return helix.audit(operator, "default", new AuditQuery(false, null, "1", null, 10)).items().stream()
                .filter(entry -> entry.action().equals(action))
                .toList();
    }

    @Test
    void anActionThatAsksIsToldWhatItMayNotEmit() {
        List<String> told = new CopyOnWriteArrayList<>();
        applyPluginStep(TestTypes.action("test.plugin", (event, context) -> {
            context.requireEmit("demo.open", 10);
            authorizer.forbidAction("no-events", "publishEvent");
            try {
                context.requireEmit("demo.secret", 10);
            } catch (HelixException e) {
                told.add(e.message());
            }
            return TextNode.valueOf("done");
        }));

        publish(order("1", "open"));

        assertThat(runs())
                .singleElement()
                .satisfies(run -> assertThat(run.state()).isEqualTo(RunState.SUCCEEDED));
        assertThat(told).singleElement().asString().contains("demo.secret", "no-events");
        assertThat(refusals("publishEvent")).singleElement().satisfies(entry -> {
            assertThat(entry.principal()).contains("Agent", "plugin/call");
            assertThat(entry.resource()).contains("demo.secret");
            assertThat(entry.policies()).containsExactly("no-events");
        });
    }

    @Test
    void aTransformerThatPublishesNothingNeedsNoPermissionToEmit() {
        applyPluginStep(TestTypes.transformer("test.plugin", (event, context) -> {
            authorizer.forbidAction("no-events", "publishEvent");
            context.requireEmit("demo.secret", 10);
            context.emit(EventDraft.of("demo.secret", TextNode.valueOf("for the next step")));
        }));

        publish(order("1", "open"));

        assertThat(runs())
                .singleElement()
                .satisfies(run -> assertThat(run.state()).isEqualTo(RunState.SUCCEEDED));
        assertThat(refusals("publishEvent")).isEmpty();
    }

    @Test
    void whatAnAgentIsRefusedBeforeAPolicyIsAskedIsInTheAuditToo() {
        applyPluginStep(TestTypes.action("test.plugin", (event, context) -> {
            context.refused("callHttp", "HttpHost", "b.example.com", "the manifest does not ask for it");
            URI metadata = URI.create("http://169.254.169.254/latest");
            context.http()
                    .call(new HttpCaller.Request(
                            "GET", metadata, Map.of(), new byte[0], Duration.ofSeconds(5), false, 1000));
            return TextNode.valueOf("done");
        }));

        publish(order("1", "open"));

        assertThat(runs())
                .singleElement()
                .satisfies(run -> assertThat(run.error()).contains("the egress guard refuses 169.254.169.254"));
        assertThat(refusals("callHttp")).allSatisfy(entry -> {
            assertThat(entry.permitted()).isFalse();
            assertThat(entry.principal()).contains("plugin/call");
        });
        assertThat(refusals("callHttp"))
                .extracting(AuditEntry::reason)
                .anySatisfy(reason -> assertThat(reason).contains("the manifest does not ask for it"))
                .anySatisfy(reason -> assertThat(reason).contains("the egress guard refuses 169.254.169.254"))
                .hasSize(2);
    }

    @Test
    void explainNamesTheFirstConditionThatFails() {
        apply(RECIPE + "---\n" + RULE);
        publish(order("1", "closed"));
        bus.awaitQuiescence();

        assertThat(helix.explain(operator, "default", "1", "on-order")).satisfies(why -> {
            assertThat(why.fires()).isFalse();
            assertThat(why.summary()).contains("where");
        });
    }

    @Test
    void anActionIsTriedAgainAsTheRecipeSays() {
        AtomicInteger calls = new AtomicInteger();
        registry.add(
                TestTypes.action("test.flaky", (event, context) -> {
                    if (calls.incrementAndGet() < 3) {
                        throw AgentException.retryable("not yet");
                    }
                    return MissingNode.getInstance();
                }),
                "test",
                "1");
        apply("""
                apiVersion: helix/v1
                kind: Recipe
                metadata: {name: again}
                spec:
                  steps:
                    - {id: call, uses: test.flaky@1, retry: {max: 5, first: 1ms}}
                """);

        helix.run(operator, "default", "again", EventFormat.json().createObjectNode(), null)
                .toCompletableFuture()
                .join();

        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(run.steps().getFirst().attempts()).isEqualTo(3);
        });
    }

    @Test
    void stepsWithoutOpenNeedsRunInParallel() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        registry.add(
                TestTypes.action("test.meet", (event, context) -> {
                    both.await(10, TimeUnit.SECONDS);
                    return MissingNode.getInstance();
                }),
                "test",
                "1");
        apply("""
                apiVersion: helix/v1
                kind: Recipe
                metadata: {name: meet}
                spec:
                  steps:
                    - {id: left, uses: test.meet@1}
                    - {id: right, uses: test.meet@1}
                """);

        helix.run(operator, "default", "meet", EventFormat.json().createObjectNode(), null)
                .toCompletableFuture()
                .join();

        assertThat(runs())
                .singleElement()
                .satisfies(run -> assertThat(run.state()).isEqualTo(RunState.SUCCEEDED));
    }

    @Test
    void aFailedStepSkipsWhatNeedsItAndFailsTheRun() {
        registry.add(
                TestTypes.action("test.broken", (event, context) -> {
                    throw AgentException.permanent("no such place");
                }),
                "test",
                "1");
        apply("""
                apiVersion: helix/v1
                kind: Recipe
                metadata: {name: broken}
                spec:
                  steps:
                    - {id: first, uses: test.broken@1}
                    - {id: second, needs: [first], uses: test.write@1}
                """);

        helix.run(operator, "default", "broken", EventFormat.json().createObjectNode(), null)
                .toCompletableFuture()
                .join();

        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.error()).contains("first").contains("no such place");
            assertThat(run.steps()).extracting(StepRecord::state).containsExactly(StepState.FAILED, StepState.SKIPPED);
        });
        assertThat(written).isEmpty();
    }

    @Test
    void aStepWhoseTypeIsNotDeployedFailsClearly() {
        apply("""
                apiVersion: helix/v1
                kind: Recipe
                metadata: {name: gone}
                spec:
                  steps: [{id: call, uses: test.gone@2}]
                """);

        helix.run(operator, "default", "gone", EventFormat.json().createObjectNode(), null)
                .toCompletableFuture()
                .join();

        assertThat(runs())
                .singleElement()
                .satisfies(run -> assertThat(run.error()).contains("test.gone@2 is not deployed"));
    }

    @Test
    void applySaysEverythingThatIsWrongAndStoresNothing() {
        assertThatThrownBy(() -> apply(RECIPE + "---\n"
                        + RULE.replace("recipe: note", "recipe: nope").replace("where:", "wher:")))
                .isInstanceOfSatisfying(HelixException.class, e -> {
                    assertThat(e.kind()).isEqualTo(ErrorKind.INVALID);
                    assertThat(e.problems())
                            .extracting(Object::toString)
                            .anySatisfy(text -> assertThat(text)
                                    .contains("Rule/on-order")
                                    .contains("wher")
                                    .contains("did you mean 'where'"))
                            .anySatisfy(text -> assertThat(text).contains("recipe 'nope' does not exist"));
                });

        assertThat(store.documents().find(new DocumentKey("default", Kind.RECIPE, "note")))
                .isEmpty();
    }

    @Test
    void applyShowsADiffAndADryRunChangesNothing() {
        apply(RECIPE);

        List<Applied> planned = helix.apply(
                operator, "default", RECIPE.replace("suffix: \"!\"", "suffix: \"?\""), new ApplyOptions(true, false));

        assertThat(planned.getFirst().diff()).contains("-").contains("+").contains("?");
        assertThat(store.documents()
                        .find(new DocumentKey("default", Kind.RECIPE, "note"))
                        .orElseThrow()
                        .revision())
                .isEqualTo(1);
        assertThat(apply(RECIPE).getFirst().outcome()).isEqualTo(Applied.Outcome.UNCHANGED);
    }

    @Test
    void aRecipeThatARuleTriggersCannotBeDeleted() {
        apply(RECIPE + "---\n" + RULE);

        assertThatThrownBy(() -> helix.delete(operator, new DocumentKey("default", Kind.RECIPE, "note"), null))
                .isInstanceOfSatisfying(HelixException.class, e -> {
                    assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT);
                    assertThat(e.message()).contains("Rule/on-order");
                });
    }

    @Test
    void aConfigurationThatTheTypeDoesNotKnowIsRefused() {
        JsonNode schema = EventFormat.parse("""
                {"type":"object","properties":{"url":{"type":"string"}},"required":["url"],"additionalProperties":false}""".getBytes(StandardCharsets.UTF_8));
        registry.add(TestTypes.withSchema("test.call", schema), "test", "1");

        assertThatThrownBy(() -> apply("""
                        apiVersion: helix/v1
                        kind: Recipe
                        metadata: {name: call}
                        spec:
                          steps: [{id: call, uses: test.call@1, with: {uri: x}}]
                        """))
                .isInstanceOfSatisfying(
                        HelixException.class,
                        e -> assertThat(e.problems())
                                .extracting(Object::toString)
                                .anySatisfy(text -> assertThat(text).contains("url"))
                                .anySatisfy(text -> assertThat(text).contains("did you mean 'url'")));
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) EventFormat.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void callsInStepsAreShownWithThePluginThatBringsTheirTypes() {
        registry.addPlugins(new OnePlugin("texts.jar", List.of("test.shout@1.0.0", "test.write@1.0.0")));
        apply(RECIPE + "---\n" + RULE);
        assertThat(helix.plugin(operator, "texts.jar").at("/calls/total").asInt())
                .isZero();

        publish(order("1", "open"));

        assertThat(runs()).hasSize(1);
        JsonNode calls = helix.plugin(operator, "texts.jar").path("calls");
        assertThat(calls.path("total").asInt()).isEqualTo(2);
        assertThat(calls.path("failed").asInt()).isZero();
    }

    @Test
    void aCallThatIsStillGoingWhenItsStepTimesOutHasFailed() {
        CountDownLatch never = new CountDownLatch(1);
        registry.add(
                TestTypes.action("test.stuck", (event, context) -> {
                    never.await();
                    return TextNode.valueOf("too late");
                }),
                "test",
                "1");
        registry.addPlugins(new OnePlugin("stuck.jar", List.of("test.stuck@1.0.0")));
        apply("""
                apiVersion: helix/v1
                kind: Recipe
                metadata: {name: note}
                spec:
                  inputs:
                    title: {type: string, required: true}
                  steps: [{id: wait, uses: test.stuck@1, timeout: 50ms}]
                ---
                """ + RULE);

        publish(order("1", "open"));

        assertThat(runs()).extracting(Run::state).containsExactly(RunState.FAILED);
        JsonNode calls = helix.plugin(operator, "stuck.jar").path("calls");
        assertThat(calls.path("total").asInt()).isEqualTo(1);
        assertThat(calls.path("failed").asInt()).isEqualTo(1);
    }

    private OnePlugin pluginOfTwoTypes() {
        registry.add(TestTypes.withSchema("test.any", object("{\"type\":\"object\"}")), "test", "1");
        registry.add(TestTypes.withSchema("test.call", object("""
                {"type":"object","properties":{"url":{"type":"string"},"times":{"type":"integer","default":1}},
                 "required":["url"],"additionalProperties":false}""")), "test", "1");
        OnePlugin source = new OnePlugin("two.wasm", List.of("test.any@1.0.0", "test.call@1.0.0"));
        registry.addPlugins(source);
        return source;
    }

    private void tryOut(@Nullable String type, String event, String config) {
        helix.tryPlugin(operator, "two.wasm", new Trial(type, object(event), object(config)));
    }

    @Test
    void aPluginIsNotTriedWithAConfigurationThatARecipeCouldNotHave() {
        OnePlugin plugin = pluginOfTwoTypes();

        for (String config : List.of("{}", "{\"url\":1}", "{\"url\":\"x\",\"time\":2}")) {
            String refused = Assertions.catchThrowableOfType(HelixException.class, () -> apply("""
                    apiVersion: helix/v1
                    kind: Recipe
                    metadata: {name: call}
                    spec:
                      steps: [{id: call, uses: test.call@1, with: %s}]
                    """.formatted(config)))
                    .message();

            assertThatThrownBy(() -> tryOut("test.call", "{}", config))
                    .isInstanceOfSatisfying(
                            HelixException.class,
                            e -> assertThat(refused)
                                    .isEqualTo("Recipe/call step 'call' "
                                            + e.message().replaceFirst("^config", "with")));
        }
        assertThat(plugin.trials()).isEmpty();
    }

    @Test
    void aPluginIsTriedWithAConfigurationThatFitsTheTypeThatIsCalled() {
        OnePlugin plugin = pluginOfTwoTypes();

        tryOut("test.call", "{}", "{\"url\":\"x\"}");
        tryOut(null, "{}", "{\"whatever\":true}");

        assertThat(plugin.trials()).extracting(Trial::type).containsExactly("test.call", null);
    }

    @Test
    void thatAPluginLacksATypeOrIsTriedWithItsSamplesIsForItsSourceToSay() {
        OnePlugin plugin = pluginOfTwoTypes();

        tryOut("test.none", "{}", "{\"whatever\":true}");
        helix.tryPlugin(operator, "two.wasm", new Trial("test.call", null, object("{}")));

        assertThat(plugin.trials()).hasSize(2);
    }

    @Test
    void aSourceRunsAndItsEventsAreDurableBeforeItAnswers() {
        registry.add(TestTypes.hook("test.hook"), "test", "1");
        apply("""
                apiVersion: helix/v1
                kind: Agent
                metadata: {name: inbox}
                spec: {type: test.hook@1}
                """);
        await().until(() -> helix.agents(operator, "default").getFirst().state().equals("running"));

        WebhookReceiver.Reply reply = helix.webhook(
                "default",
                "inbox",
                new WebhookReceiver.Delivery(
                        "POST", Map.of(), Map.of(), "127.0.0.1", "{\"a\":1}".getBytes(StandardCharsets.UTF_8)));

        assertThat(reply.status()).isEqualTo(202);
        assertThat(bus.messages(Channel.EVENTS, "default"))
                .singleElement()
                .satisfies(message -> assertThat(message.route()).isEqualTo("hook.received"));
    }

    @Test
    void aStepWaitsForATypeThatIsBeingUpdated() throws Exception {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        AgentType first = TestTypes.action("test.plugin", (event, context) -> TextNode.valueOf("old"));
        registry.add(first, "plugin", "1");
        apply(PLUGIN);
        helix.watch(operator, "default", item -> {
            if (item.kind().equals("run")) {
                begun.complete(null);
            }
        });

        registry.remove(first);
        runPlugin();
        begun.get();
        registry.add(TestTypes.action("test.plugin", (event, context) -> TextNode.valueOf("new")), "plugin", "2");

        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.state()).as(run.error()).isEqualTo(RunState.SUCCEEDED);
            assertThat(run.steps().getFirst().output().asText()).isEqualTo("new");
        });
    }

    @Test
    void aCallKeepsItsTypeUntilItHasEnded() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AgentType type = TestTypes.action("test.plugin", (event, context) -> {
            called.countDown();
            mayEnd.await();
            return TextNode.valueOf("old");
        });
        registry.add(type, "plugin", "1");
        apply(PLUGIN);
        runPlugin();
        called.await();

        Thread removal = Thread.ofVirtual().start(() -> registry.remove(type));
        await().until(() -> removal.getState() == Thread.State.TIMED_WAITING);
        mayEnd.countDown();

        assertThat(runs())
                .singleElement()
                .satisfies(run -> assertThat(run.state()).as(run.error()).isEqualTo(RunState.SUCCEEDED));
        removal.join();
    }

    @Test
    void aTriggerIsKeptWhenHelixStopsWhileItsStepWaitsForAType() throws Exception {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        AgentType type = TestTypes.action("test.plugin", (event, context) -> TextNode.valueOf("done"));
        registry.add(type, "plugin", "1");
        apply(PLUGIN);
        helix.watch(operator, "default", item -> {
            if (item.kind().equals("run")) {
                begun.complete(null);
            }
        });
        registry.remove(type);
        runPlugin();
        begun.get();

        helix.close();
        registry.add(type, "plugin", "1");
        helix = plane();
        helix.start();
        awaitReady();

        await().untilAsserted(() -> assertThat(runs())
                .singleElement()
                .satisfies(run -> assertThat(run.state()).as(run.error()).isEqualTo(RunState.SUCCEEDED)));
    }

    private void runPlugin() {
        helix.run(operator, "default", "plugin", EventFormat.json().createObjectNode(), null)
                .toCompletableFuture()
                .join();
    }

    @Test
    void aSourceIsStoppedBeforeItsTypeGoesAndItsSendersAreAskedToComeAgain() {
        AgentType type = TestTypes.hook("test.hook");
        registry.add(type, "test", "1");
        apply("""
                apiVersion: helix/v1
                kind: Agent
                metadata: {name: inbox}
                spec: {type: test.hook@1}
                """);
        await().until(() -> helix.agents(operator, "default").getFirst().state().equals("running"));

        registry.remove(type);

        assertThatThrownBy(() -> helix.webhook("default", "inbox", delivery()))
                .isInstanceOfSatisfying(
                        HelixException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNAVAILABLE));
        registry.add(TestTypes.hook("test.hook"), "test", "2");
        await().until(() -> helix.agents(operator, "default").getFirst().state().equals("running"));
        assertThat(helix.webhook("default", "inbox", delivery()).status()).isEqualTo(202);
        assertThatThrownBy(() -> helix.webhook("default", "nobody", delivery()))
                .isInstanceOfSatisfying(
                        HelixException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
    }

    private static WebhookReceiver.Delivery delivery() {
        return new WebhookReceiver.Delivery(
                "POST", Map.of(), Map.of(), "127.0.0.1", "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aSourceThatFailsIsShownWithItsReason() {
        registry.add(TestTypes.failingSource("test.bad", HelixException.invalid("no such queue")), "test", "1");
        apply("""
                apiVersion: helix/v1
                kind: Agent
                metadata: {name: bad}
                spec: {type: test.bad@1}
                """);

        await().until(() -> helix.agents(operator, "default").getFirst().state().equals("failed"));

        assertThat(helix.agents(operator, "default").getFirst().detail()).isEqualTo("no such queue");
    }

    @Test
    void theFirstStartLeavesAnOperatorKeyThatOnlyItsOwnerCanRead() throws Exception {
        Path file = home.resolve("secrets/api-key");

        Optional<Caller> caller = helix.authenticate(Files.readString(file).strip(), "127.0.0.1");

        assertThat(caller)
                .hasValueSatisfying(known -> assertThat(known.profile()).isEqualTo("*"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(helix.authenticate("hlx_000000000000_" + "x".repeat(43), "127.0.0.1"))
                .isEmpty();
    }

    @Test
    void everythingIsThereAgainAfterARestart() {
        apply(RECIPE + "---\n" + RULE);
        helix.close();
        bus.publish(new io.helix.api.event.Message(
                        Channel.EVENTS,
                        "default",
                        "order.created",
                        "k",
                        "/shop/9",
                        Map.of(),
                        EventFormat.write(order("9", "open"))))
                .toCompletableFuture()
                .join();

        helix = plane();
        helix.start();
        awaitReady();

        await().untilAsserted(() -> assertThat(runs()).hasSize(1));
    }

    @Test
    void watchersSeeEventMatchAndRun() {
        apply(RECIPE + "---\n" + RULE);
        List<LiveItem> seen = new CopyOnWriteArrayList<>();
        helix.watch(operator, "default", seen::add);

        publish(order("1", "open"));
        bus.awaitQuiescence();

        assertThat(seen).extracting(LiveItem::kind).contains("event", "match", "run");
    }

    @Test
    void anUnknownProfileIsNotFound() {
        assertThatThrownBy(() -> helix.publish(operator, "nobody", order("1", "open")))
                .isInstanceOfSatisfying(
                        HelixException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
    }

    private static final String ONCE =
            RULE.replace("recipe: note", "recipe: note\n      dedup: '{{ event.data.state }}'");

    @Test
    void eventsThatAreTheSameToARuleTriggerItsRecipeOnce() {
        apply(RECIPE + "---\n" + ONCE);
        publish(order("1", "open"));
        publish(order("2", "open"));
        assertThat(runs()).hasSize(1);
        apply(ONCE.replace("event.data.title", "event.data.state"));
        publish(order("3", "open"));

        assertThat(runs()).hasSize(1);
        assertThat(written).containsExactly("TEA! for tea");
    }

    @Test
    void aRunThatIsToBeOnceIsNotRepeatedWhenTheMeshHasForgottenIt() {
        apply(RECIPE + "---\n" + ONCE);
        publish(order("1", "open"));
        Run run = runs().getFirst();

        publish(sameAs(run, order("2", "open"), "coffee"));

        assertThat(runs()).containsExactly(run);
        assertThat(written).hasSize(1);
    }

    @Test
    void aRecipeSeesTheFactsThatHeldWhenItWasTriggered() {
        apply(RECIPE.replace("{{ inputs.title }}", "{{ facts.guest }}") + "---\n" + RULE);
        helix.setFact(operator, "default", "guest", TextNode.valueOf("Ada"));

        publish(order("1", "open"));

        assertThat(runs()).hasSize(1);
        assertThat(written).containsExactly("TEA! for Ada");
    }

    @Test
    void anAgentSetsAFactIfAPolicyPermitsIt() {
        applyPluginStep(TestTypes.action("test.plugin", (event, context) -> {
            context.facts().set("state", event.data().path("state"));
            return TextNode.valueOf("set");
        }));
        publish(order("1", "open"));
        assertThat(runs())
                .singleElement()
                .satisfies(run -> assertThat(run.state()).isEqualTo(RunState.SUCCEEDED));
        assertThat(helix.facts(operator, "default")).singleElement().satisfies(fact -> {
            assertThat(fact.name()).isEqualTo("state");
            assertThat(fact.value()).isEqualTo(new TextNode("open"));
            assertThat(fact.author()).contains("default/plugin/call");
        });

        authorizer.forbidAction("no-facts", "setFact");
        publish(order("2", "open"));

        assertThat(runs().getFirst().error()).contains("may not set fact 'state'");
        assertThat(helix.audit(operator, "default", new AuditQuery(false, "setFact", "2", null, 10))
                        .items())
                .singleElement()
                .satisfies(entry -> assertThat(entry.resource()).contains("default/state"));
    }

    @Test
    void peopleSetSeeAndRemoveFacts() {
        helix.setFact(operator, "default", "maintenance", BooleanNode.TRUE);

        assertThat(helix.fact(operator, "default", "maintenance"))
                .hasValueSatisfying(fact -> assertThat(fact.value()).isEqualTo(BooleanNode.TRUE));
        helix.removeFact(operator, "default", "maintenance");
        assertThat(helix.facts(operator, "default")).isEmpty();
        assertThatThrownBy(() -> helix.removeFact(operator, "default", "maintenance"))
                .hasMessageContaining("is not set");
        authorizer.forbidAction("no-changes", "create");
        assertThatThrownBy(() -> helix.setFact(operator, "default", "maintenance", BooleanNode.TRUE))
                .hasMessageContaining("no-changes");
    }

    private Trigger sameAs(Run run, Event event, String title) {
        return new Trigger(
                run.id(),
                "default",
                "note",
                "on-order",
                1,
                event,
                EventFormat.json().createObjectNode().put("title", title),
                run.principal(),
                List.of(),
                true,
                false,
                Instant.now());
    }

    private List<Run> recorded() {
        return store.projection()
                .runs("default", new RunQuery(null, null, null, null, null, 50))
                .items();
    }

    private void publish(Trigger trigger) {
        bus.publish(new Message(
                        Channel.TRIGGERS,
                        "default",
                        "note",
                        "k",
                        "message of " + trigger.event().id(),
                        Map.of(),
                        TriggerFormat.write(trigger)))
                .toCompletableFuture()
                .join();
    }

    @Test
    void aRunThatIsToBeOnceGoesOnWithTheEventThatItBeganWith() throws Exception {
        AgentType write = registry.find(new TypeRef("test.write", 1)).orElseThrow();
        apply(RECIPE + "---\n" + ONCE);
        CompletableFuture<Void> shouted = new CompletableFuture<>();
        helix.watch(operator, "default", item -> {
            if (item.kind().equals("run") && item.toString().contains("shout")) {
                shouted.complete(null);
            }
        });
        registry.remove(write);
        publish(order("1", "open"));
        shouted.get();
        await().until(() -> recorded().stream().anyMatch(run -> !run.steps().isEmpty()));
        Run begun = recorded().getFirst();
        helix.close();
        publish(sameAs(begun, order("2", "open"), "coffee"));

        registry.add(write, "test", "1");
        helix = plane();
        helix.start();
        awaitReady();

        await().untilAsserted(() -> assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.state()).as(run.error()).isEqualTo(RunState.SUCCEEDED);
            assertThat(run.eventId()).isEqualTo("1");
        }));
        assertThat(written).containsExactly("TEA! for tea");
        assertThat(bus.messages(Channel.DEAD_LETTERS, "default")).isEmpty();
    }

    /** The bus hands out again at once, so that five attempts would be over before the other run is. */
    @Test
    void aRunThatIsToBeOnceOutwaitsADatabaseThatIsAway() {
        String other = RULE.replace("name: on-order", "name: other").replace("'open'", "'shut'");
        apply(RECIPE + "---\n" + ONCE + "---\n" + other);
        store.away(true);
        publish(order("1", "open"));
        publish(order("2", "shut"));
        await().until(() -> written.size() == 1);
        store.away(false);

        await().until(() -> written.size() == 2);
        await().untilAsserted(
                        () -> assertThat(runs()).extracting(Run::rule).containsExactlyInAnyOrder("on-order", "other"));
        assertThat(bus.messages(Channel.DEAD_LETTERS, "default")).isEmpty();
    }
}
