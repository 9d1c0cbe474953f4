package io.helix.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Rules that remember, on a server: what they mean, kills, time that passes while it is down, and what people ask. */
class MemoryIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Pattern YAML = Pattern.compile("```yaml\n(apiVersion.*?)```", Pattern.DOTALL);
    private static final String RECIPES = Stream.of("note", "alert", "digest", "note-door", "note-order")
            .map("""
                    apiVersion: helix/v1
                    kind: Recipe
                    metadata: {name: %s}
                    spec:
                      steps:
                        - {id: write, uses: log@1, with: {message: "{{ run.rule }}"}}
                    """::formatted)
            .reduce((a, b) -> a + "---\n" + b)
            .orElseThrow();
    private static final String RULES = """
            apiVersion: helix/v1
            kind: Rule
            metadata: {name: paid}
            spec:
              key: event.data.order
              pattern:
                within: 1h
                sequence:
                  - {as: placed, match: {type: [order.placed]}}
                  - {as: paid, match: {type: [order.paid]}}
              then: [{recipe: note}]
            ---
            apiVersion: helix/v1
            kind: Rule
            metadata: {name: unpaid}
            spec:
              key: event.data.order
              pattern:
                sequence:
                  - {as: placed, match: {type: [order.placed]}}
                  - {as: paid, absent: {within: 20s}, match: {type: [order.paid]}}
              then: [{recipe: alert}]
            ---
            apiVersion: helix/v1
            kind: Rule
            metadata: {name: busy}
            spec:
              match: {type: [order.placed]}
              throttle: {mode: once-within, window: 1h, per: rule}
              then: [{recipe: digest}]
            """;

    private static JsonNode test(Api api, String yaml) {
        HttpResponse<String> answer = api.post("/rules/test", "application/yaml", yaml);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Api.parse(answer.body());
    }

    private static Stream<DynamicTest> cases(JsonNode report) {
        List<DynamicTest> tests = new ArrayList<>();
        report.path("rules")
                .forEach(rule -> rule.path("cases")
                        .forEach(one -> tests.add(DynamicTest.dynamicTest(
                                rule.path("rule").asText() + ": "
                                        + one.path("name").asText(),
                                () -> assertThat(one.path("message").asText()).isEmpty()))));
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> theScenariosHoldOnAServer() {
        Api api = new Api(HelixServer.shared(), "default");
        api.apply(RECIPES);
        return cases(test(api, scenarios()));
    }

    private static String scenarios() {
        try (InputStream in = Objects.requireNonNull(
                MemoryIT.class.getResourceAsStream("/io/helix/sdk/testing/rule/scenarios.yaml"), "scenarios.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> theRulesThatAreShippedPassTheirTests() throws IOException {
        Api api = new Api(HelixServer.shared(), "shipped");
        api.apply("{apiVersion: helix/v1, kind: Profile, metadata: {name: shipped}, spec: {}}");
        String demo = Files.readString(root().resolve("config/demo/demo.yaml"))
                .replace("${HTTP_PORT}", "1")
                .replaceFirst("(?s)apiVersion: helix/v1\nkind: Profile.*?---\n", "");
        return cases(test(api, demo));
    }

    @TestFactory
    Stream<DynamicTest> theRulesOfTheDocumentationPassTheirTests() throws IOException {
        Api api = new Api(HelixServer.shared(), "default");
        api.apply(RECIPES);
        return YAML.matcher(Files.readString(root().resolve("docs/rules.md")))
                .results()
                .flatMap(example -> cases(test(api, example.group(1))));
    }

    private static Path root() {
        return Path.of(System.getProperty("helix.root", "..")).toAbsolutePath().normalize();
    }

    @Test
    void aFailingTestKeepsARuleFromGoingLive() {
        HelixServer helix = HelixServer.shared();
        Api api = new Api(helix, "default");
        api.apply(RECIPES);
        String wrong = """
                apiVersion: helix/v1
                kind: Rule
                metadata: {name: wrong}
                spec:
                  match: {type: [itest.wrong]}
                  then: [{recipe: note}]
                  tests: [{name: never, events: [{type: itest.wrong}], expect: {fired: 0}}]
                """;

        HttpResponse<String> refused = api.post("/apply", "application/yaml", wrong);

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("test 'never'").contains("fired 1 times, expected 0");
        assertThat(api.post("/apply?force=true", "application/yaml", wrong).statusCode())
                .isEqualTo(200);
        assertThat(helix.shell("helix:rule-test wrong").output())
                .contains("never")
                .contains("failed");
        assertThat(api.delete("/rules/wrong")).isEqualTo(204);
    }

    @Test
    void killsLoseNothingOfWhatRulesRememberAndNothingFiresTwice() {
        int orders = 200;
        try (HelixServer helix = HelixServer.start()) {
            Api api = new Api(helix, "default");
            api.apply(RECIPES);
            api.apply(RULES);

            for (int i = 0; i < orders; i++) {
                publish(api, "placed", i);
                if (i == orders / 3 || i == orders / 2) {
                    helix.kill();
                    helix.up();
                }
            }
            for (int i = 0; i < orders; i += 2) {
                publish(api, "paid", i);
                if (i == orders / 2) {
                    helix.kill();
                    helix.up();
                }
            }

            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(eventIds(api.runs("rule=paid&state=succeeded"))).hasSize(orders / 2);
                assertThat(eventIds(api.runs("rule=unpaid&state=succeeded")))
                        .containsAll(everySecond("placed-", 1, orders));
            });
            assertThat(eventIds(api.runs("rule=paid")))
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(everySecond("paid-", 0, orders));
            assertThat(eventIds(api.runs("rule=unpaid"))).doesNotHaveDuplicates();
            assertThat(api.runs("rule=busy")).hasSize(1);
        }
    }

    @Test
    void deadlinesThatPassWhileTheServerIsDownFireAtItsStartAndAreLate() {
        try (HelixServer helix = HelixServer.start()) {
            Api api = new Api(helix, "default");
            api.apply(RECIPES);
            api.apply(RULES.replace("20s", "10s"));
            publish(api, "placed", 1);
            Instant due = Instant.now().plusSeconds(10);

            helix.kill();
            await().atMost(PATIENCE).until(() -> Instant.now().isAfter(due));
            helix.up();

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(api.runs("rule=unpaid"))
                            .singleElement()
                            .satisfies(run ->
                                    assertThat(run.path("late").asBoolean()).isTrue()));
        }
    }

    @Test
    void peopleSeeWhatARuleWaitsForAndWhatAnotherWouldHaveDone() {
        HelixServer helix = HelixServer.shared();
        Api api = new Api(helix, "default");
        api.apply(RECIPES);
        String rule = RULES.substring(0, RULES.indexOf("---")).replace("order.", "itest.watched.");
        api.apply(rule.replace("name: paid", "name: watched"));
        assertThat(api.publish("w1", "itest.watched.placed", "{\"order\": 1}")).isEqualTo(202);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(helix.get("/api/v1/profiles/default/events/w1/explain?rule=watched")
                                .body())
                        .contains("placed waits until")
                        .contains("\"waiting\":[{\"alias\":\"placed\""));
        assertThat(helix.shell("helix:explain w1 watched").output())
                .contains("waits until")
                .contains("placed");
        assertThat(api.publish("w2", "itest.watched.paid", "{\"order\": 1}")).isEqualTo(202);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(api.get("/events/w1/explain?rule=watched")
                                .path("summary")
                                .asText())
                        .contains("fires at")
                        .contains("w1, w2"));

        HttpResponse<String> answer = api.post(
                "/rules/backtest?from=1h",
                "application/yaml",
                rule.replace("name: paid", "name: watched").replace("within: 1h", "within: 1s"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode backTest = Api.parse(answer.body());
        assertThat(backTest.path("current").path("fired").asLong()).isEqualTo(1);
        assertThat(backTest.path("complete").asBoolean()).isTrue();
        assertThat(helix.shell("helix:rules").output()).contains("watched");
    }

    private static void publish(Api api, String what, int order) {
        String id = what + "-" + order;
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> api.publish(id, "order." + what, "{\"order\": " + order + "}") == 202);
    }

    private static List<String> eventIds(List<JsonNode> runs) {
        return runs.stream().map(run -> run.path("eventId").asText()).toList();
    }

    private static List<String> everySecond(String prefix, int from, int end) {
        return IntStream.iterate(from, i -> i < end, i -> i + 2)
                .mapToObj(i -> prefix + i)
                .toList();
    }
}
