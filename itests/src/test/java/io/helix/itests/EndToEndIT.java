package io.helix.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One server, used as its users use it. */
class EndToEndIT {
    private static final String SECRET = "it-is-a-canary-secret-3f2c";
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private static HelixServer helix;
    private static Api api;

    @BeforeAll
    static void start() {
        helix = HelixServer.shared();
        api = new Api(helix, "default");
    }

    private static JsonNode endedRun(String recipe) {
        await().atMost(PATIENCE)
                .until(() -> api.runs("recipe=" + recipe).stream()
                        .anyMatch(run -> !run.path("state").asText().equals("RUNNING")));
        return api.runs("recipe=" + recipe).getFirst();
    }

    private static HttpResponse<String> hook(String agent, String delivery, String body, String signature) {
        return helix.send(HttpRequest.newBuilder(helix.uri("/hooks/default/" + agent))
                .header("Content-Type", "application/json")
                .header("X-GitHub-Event", "issues")
                .header("X-GitHub-Delivery", delivery)
                .header("X-Hub-Signature-256", "sha256=" + signature)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static String signature(String body) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aSignedWebhookLeadsToItsEffect() throws Exception {
        helix.send(helix.request("/api/v1/profiles/default/credentials/hub")
                .header("Content-Type", "text/plain")
                .PUT(HttpRequest.BodyPublishers.ofString(SECRET)));
        api.apply("""
                apiVersion: helix/v1
                kind: Agent
                metadata: {name: hub}
                spec: {type: webhook@1, config: {signature: github, credential: hub}}
                ---
                apiVersion: helix/v1
                kind: Recipe
                metadata: {name: note-issue}
                spec:
                  steps:
                    - id: write
                      uses: file.append@1
                      with: {path: issues.txt, text: "{{ event.data.issue.title }}"}
                ---
                apiVersion: helix/v1
                kind: Rule
                metadata: {name: opened}
                spec:
                  match: {type: [github.issues.opened]}
                  then: [{recipe: note-issue}]
                """);
        await().atMost(PATIENCE).until(() -> api.agentState("hub").equals("running"));
        String body = "{\"action\":\"opened\",\"issue\":{\"title\":\"It leaks\"}}";

        assertThat(hook("hub", "d-0", body, "00".repeat(32)).statusCode()).isEqualTo(401);
        assertThat(hook("hub", "d-1", body, signature(body)).statusCode()).isEqualTo(202);
        assertThat(hook("hub", "d-1", body, signature(body)).statusCode()).isEqualTo(202);

        JsonNode run = endedRun("note-issue");
        assertThat(run.path("state").asText()).as(run.toString()).isEqualTo("SUCCEEDED");
        assertThat(run.path("policies")).isNotEmpty();
        assertThat(Files.readAllLines(helix.home().resolve("files/issues.txt"))).containsExactly("It leaks");
        assertThat(api.runs("recipe=note-issue")).hasSize(1);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(helix.get("/api/v1/profiles/default/events/d-1/explain?rule=opened")
                                .body())
                        .contains("\"fires\":true"));
        assertThat(helix.log()).doesNotContain(SECRET);
    }

    @Test
    void aJarAndAWasmAreUsedWithoutARestartAndTheirRemovalTouchesNothingElse() throws Exception {
        helix.deploy(Path.of(System.getProperty("helix.plugin.jar")), "hello-agent.jar");
        helix.deploy(Path.of(System.getProperty("helix.plugin.wasm")), "issue-digest.wasm");
        await().atMost(PATIENCE).until(() -> api.deployed("hello.greet") && api.deployed("demo.issue-digest"));
        api.apply("""
                apiVersion: helix/v1
                kind: Recipe
                metadata: {name: plugins}
                spec:
                  steps:
                    - {id: greet, uses: hello.greet@1, with: {greeting: Ahoy}}
                    - {id: digest, uses: demo.issue-digest@1}
                ---
                apiVersion: helix/v1
                kind: Rule
                metadata: {name: on-plugin-event}
                spec:
                  match: {type: [itest.plugins]}
                  then: [{recipe: plugins}]
                """);
        String data = """
                {"name":"Ana","action":"opened","issue":{"number":1,"title":"t","body":"two words","labels":[],
                "user":{"login":"a"},"html_url":"u"},"repository":{"full_name":"a/b"}}""";

        assertThat(api.publish("plugins-1", "itest.plugins", data)).isEqualTo(202);

        JsonNode run = endedRun("plugins");
        assertThat(run.path("state").asText()).as(run.toString()).isEqualTo("SUCCEEDED");
        assertThat(run.toString()).contains("Ahoy, Ana!").contains("\"words\":2");

        helix.undeploy("hello-agent.jar");
        await().atMost(PATIENCE).until(() -> !api.deployed("hello.greet"));
        assertThat(api.publish("plugins-2", "itest.plugins", data)).isEqualTo(202);
        await().atMost(PATIENCE)
                .until(() -> api.runs("recipe=plugins&event=plugins-2").stream()
                        .anyMatch(second -> second.path("state").asText().equals("FAILED")));
        assertThat(api.runs("recipe=plugins&event=plugins-2")
                        .getFirst()
                        .path("error")
                        .asText())
                .contains("hello.greet@1 is not deployed");
        assertThat(api.deployed("demo.issue-digest")).isTrue();
        assertThat(helix.get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void aFactThatARecipeSetsKeepsARuleQuietAndDedupItsRecipe() {
        api.apply("""
                apiVersion: helix/v1
                kind: Recipe
                metadata: {name: maintain}
                spec:
                  steps: [{id: set, uses: fact.set@1, with: {name: maintenance, value: "{{ event.data.on }}"}}]
                ---
                apiVersion: helix/v1
                kind: Recipe
                metadata: {name: note-leak}
                spec:
                  steps: [{id: write, uses: log@1, with: {message: "leak while maintenance is {{ facts.maintenance }}"}}]
                ---
                apiVersion: helix/v1
                kind: Rule
                metadata: {name: maintenance}
                spec:
                  match: {type: [itest.maintenance]}
                  then: [{recipe: maintain}]
                ---
                apiVersion: helix/v1
                kind: Rule
                metadata: {name: leak}
                spec:
                  where: event.data.litres > 3 && !facts.maintenance
                  match: {type: [itest.leak]}
                  then: [{recipe: note-leak, dedup: "{{ event.data.pump }}"}]
                  tests:
                    - name: is quiet while there is maintenance
                      facts: {maintenance: true}
                      events:
                        - {at: 0s, type: itest.leak, data: {litres: 9, pump: 1}}
                        - {at: 1h, facts: {maintenance: null}}
                        - {at: 2h, type: itest.leak, data: {litres: 9, pump: 1}}
                      expect: {fired: 1}
                """);

        publishLeak("leak-1", 1);
        assertThat(endedRun("note-leak").path("state").asText()).isEqualTo("SUCCEEDED");

        assertThat(api.publish("maintenance-1", "itest.maintenance", "{\"on\": true}"))
                .isEqualTo(202);
        assertThat(endedRun("maintain").path("state").asText()).isEqualTo("SUCCEEDED");
        publishLeak("leak-2", 2);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(api.get("/events/leak-2/explain?rule=leak")
                                .path("summary")
                                .asText())
                        .contains("where is false, with facts {\"maintenance\":true}"));

        assertThat(helix.shell("helix:fact-set maintenance false").output()).contains("maintenance is false");
        publishLeak("leak-3", 1);
        publishLeak("leak-4", 3);
        await().atMost(PATIENCE).until(() -> api.runs("recipe=note-leak").size() == 2);
        assertThat(api.runs("recipe=note-leak"))
                .extracting(run -> run.path("eventId").asText())
                .containsExactlyInAnyOrder("leak-1", "leak-4");
        assertThat(helix.shell("helix:facts").output()).contains("maintenance");
    }

    private static void publishLeak(String id, int pump) {
        assertThat(api.publish(id, "itest.leak", "{\"litres\": 9, \"pump\": " + pump + "}"))
                .isEqualTo(202);
    }

    @Test
    void aBrokenPluginIsNamedWithItsReason() throws Exception {
        Files.writeString(helix.home().resolve("deploy/garbage.wasm"), "this is not a module");

        await().atMost(PATIENCE).until(() -> helix.get("/api/v1/plugins").body().contains("garbage.wasm"));

        assertThat(helix.get("/api/v1/plugins").body()).contains("failed");
        Files.delete(helix.home().resolve("deploy/garbage.wasm"));
        assertThat(helix.get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void aJarThatIsNoBundleIsNamedWithItsReason() throws Exception {
        Files.writeString(helix.home().resolve("deploy/garbage.jar"), "this is not a jar");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(helix.get("/api/v1/plugins").body())
                        .contains("garbage.jar")
                        .contains("is not a jar"));

        Files.delete(helix.home().resolve("deploy/garbage.jar"));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(helix.get("/api/v1/plugins").body()).doesNotContain("garbage.jar"));
    }

    @Test
    void badInputIsAnsweredClearlyAndLeavesNothingBehind() {
        int loggedBefore = helix.log().length();
        assertThat(helix.send(HttpRequest.newBuilder(helix.uri("/api/v1/status")))
                        .statusCode())
                .isEqualTo(401);
        assertThat(new Api(helix, "nobody").publish("x", "a.b", "{}")).isEqualTo(404);
        assertThat(api.publish("bad-json", "a.b", "{\"a\":")).isEqualTo(400);
        assertThat(api.publish("long", "a.b", "\"" + "x".repeat(2_000_000) + "\""))
                .isEqualTo(413);
        HttpResponse<String> unknown = helix.post("/api/v1/profiles/default/apply", "application/yaml", """
                apiVersion: helix/v1
                kind: Rule
                metadata: {name: half}
                spec:
                  match: {type: [a]}
                  thenn: [{recipe: missing}]
                  then: [{recipe: missing}]
                """);
        assertThat(unknown.statusCode()).isEqualTo(422);
        assertThat(unknown.body()).contains("did you mean 'then'").contains("recipe 'missing' does not exist");
        assertThat(helix.get("/api/v1/profiles/default/rules/half").statusCode())
                .isEqualTo(404);
        assertThat(helix.log().substring(loggedBefore)).doesNotContain("\tat io.helix");
    }

    @Test
    void aKeyOfAViewerMayReadAndNothingElse() {
        HttpResponse<String> made = helix.post(
                "/api/v1/profiles/default/keys",
                "application/json",
                "{\"name\":\"reader\",\"roles\":[\"viewer\"],\"scopes\":[\"read\"]}");
        assertThat(made.statusCode()).as(made.body()).isBetween(200, 201);
        String key = Api.parse(made.body()).path("presentable").asText();

        HttpResponse<String> read = helix.send(HttpRequest.newBuilder(helix.uri("/api/v1/profiles/default/runs"))
                .header("Authorization", "Bearer " + key));
        HttpResponse<String> write =
                helix.send(HttpRequest.newBuilder(helix.uri("/api/v1/profiles/default/credentials/stolen"))
                        .header("Authorization", "Bearer " + key)
                        .header("Content-Type", "text/plain")
                        .PUT(HttpRequest.BodyPublishers.ofString("x")));

        assertThat(read.statusCode()).as(read.body()).isEqualTo(200);
        assertThat(write.statusCode()).as(write.body()).isEqualTo(403);
    }

    @Test
    void theShellShowsWhatTheApiShows() {
        assertThat(helix.shell("helix:agent-types").output()).contains("http.request");
        assertThat(helix.shell("helix:status --json").output()).contains("\"version\"");
        assertThat(List.of(helix.shell("helix:rules").output().split("\n")))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    }
}
