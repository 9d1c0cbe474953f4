package io.helix.web;

import static io.helix.sdk.testing.control.FakeControlPlane.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.helix.api.Health;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentDescriptor;
import io.helix.api.agent.AgentKind;
import io.helix.api.agent.PluginSource.Plugin;
import io.helix.api.control.ControlPlane.AgentStatus;
import io.helix.api.control.ControlPlane.Explanation;
import io.helix.api.control.ControlPlane.RoleReport;
import io.helix.api.control.ControlPlane.WhereReport;
import io.helix.api.document.Kind;
import io.helix.api.event.Channel;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.api.event.StoredMessage;
import io.helix.api.recipe.Run;
import io.helix.api.recipe.RunState;
import io.helix.api.recipe.StepRecord;
import io.helix.api.recipe.StepState;
import io.helix.api.rule.ConditionReport;
import io.helix.api.store.Projection.AuditEntry;
import io.helix.sdk.testing.control.FakeControlPlane;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiTest {
    private WebServer web;

    @BeforeAll
    void start() throws Exception {
        web = new WebServer();
        web.control.add(Kind.RULE, "triage");
        web.control.add(Kind.RECIPE, "notify");
        web.control.add(run("run-a", RunState.SUCCEEDED));
        web.control.add(run("run-b", RunState.FAILED));
        web.control.add(event("e/1 ü"));
        web.control.add(new AuditEntry(
                "d1", NOW, "Rule::triage", "triggerRecipe", "Recipe::notify", true, List.of("owners"), "", "e1"));
        web.control.add(new AgentDescriptor(
                "http.request",
                "1.2.3",
                AgentKind.ACTION,
                "Calls a URL.",
                EventFormat.json().createObjectNode().put("type", "object")));
        web.control.add(new AgentStatus("caller", "http.request", "action", "idle", "", null, 3, 0));
        web.control.add(new Plugin("agents.jar", "1.0.0", "bundle", "active", "", List.of("http.request@1.2.3")));
        web.control.add(new Explanation(
                "e1",
                "triage",
                2,
                false,
                "data.label is absent",
                List.of(new RoleReport(
                        "event",
                        false,
                        false,
                        List.of(new ConditionReport(
                                "data.label", "equals \"bug\"", MissingNode.getInstance(), true, false)),
                        new WhereReport("event.data.n > 1", true, "true"),
                        null,
                        "")),
                null,
                List.of(),
                null,
                null,
                List.of()));
    }

    @AfterAll
    void stop() throws Exception {
        web.close();
    }

    @AfterEach
    void recover() {
        web.control.failWith(null);
        web.control.accepting(true);
    }

    private static Run run(String id, RunState state) {
        StepRecord step = new StepRecord(
                "call", "caller", StepState.SUCCEEDED, 1, NOW, NOW, TextNode.valueOf("ok"), "", List.of(), List.of());
        return new Run(
                id,
                "default",
                "notify",
                1,
                "triage",
                2,
                "e1",
                "test",
                "Rule::triage",
                List.of(),
                false,
                state,
                NOW,
                NOW,
                "",
                List.of(step));
    }

    private static Event event(String id) {
        return new Event(
                id,
                "https://example.org/a",
                "shop.order",
                null,
                NOW,
                Map.of(),
                EventFormat.json().createObjectNode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/rules",
                "/recipes",
                "/agents",
                "/policies",
                "/events",
                "/runs",
                "/decisions",
                "/agent-types",
                "/agents/status",
                "/rules/status",
                "/credentials",
                "/keys",
                "/dead-letters",
                "/runs?state=failed&recipe=notify",
                "/decisions?permitted=true&action=triggerRecipe&event=e1",
                "/events?type=shop&limit=1&unknown=x"
            })
    void lists_are_pages_of_items(String path) {
        WebServer.Reply reply = web.get(path);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().get("items").isArray()).isTrue();
        assertThat(reply.header("Content-Type")).startsWith("application/json");
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void a_list_goes_on_where_its_cursor_says() {
        WebServer.Reply first = web.get("/runs?limit=1");
        assertThat(first.json().at("/items/0/id").asText()).isEqualTo("run-b");
        WebServer.Reply second =
                web.get("/runs?limit=1&cursor=" + first.json().get("next").asText());
        assertThat(second.json().at("/items/0/id").asText()).isEqualTo("run-a");
        assertThat(second.json().has("next")).isFalse();
    }

    @Test
    void the_platform_tells_its_status_plugins_and_profiles() {
        WebServer.Reply status = web.send(web.api("/status"));
        assertThat(status.json().get("started").asText()).isEqualTo("2026-11-24T10:15:30Z");
        assertThat(status.json().at("/health/0/state").asText()).isEqualTo("UP");
        assertThat(web.send(web.api("/plugins")).json().at("/items/0/types/0").asText())
                .isEqualTo("http.request@1.2.3");
        assertThat(web.send(web.api("/profiles")).json().at("/items/0/name").asText())
                .isEqualTo("default");
        assertThat(web.send(web.api("/profiles/default")).json().get("kind").asText())
                .isEqualTo("Profile");
    }

    @Test
    void agent_types_come_with_their_schema() {
        assertThat(web.get("/agent-types")
                        .json()
                        .at("/items/0/configSchema/type")
                        .asText())
                .isEqualTo("object");
    }

    @Test
    void a_run_shows_its_steps() {
        WebServer.Reply reply = web.get("/runs/run-a");
        assertThat(reply.json().get("late").isBoolean()).isTrue();
        assertThat(reply.json().at("/steps/0/state").asText()).isEqualTo("SUCCEEDED");
        assertThat(reply.json().at("/steps/0/output").asText()).isEqualTo("ok");
        assertThat(web.get("/runs/none").status()).isEqualTo(404);
    }

    @Test
    void an_event_is_found_by_its_id_and_source() {
        web.control.add(event("plain id"));
        WebServer.Reply reply = web.get("/events/plain%20id");
        assertThat(reply.json().get("type").asText()).isEqualTo("shop.order");
        assertThat(web.get("/events/plain%20id?source=https%3A%2F%2Fexample.org%2Fa")
                        .status())
                .isEqualTo(200);
        assertThat(web.get("/events/-?id=e%2F1+%C3%BC&source=https://example.org/a")
                        .json()
                        .get("id")
                        .asText())
                .isEqualTo("e/1 ü");
        assertThat(web.get("/events/other").status()).isEqualTo(404);
    }

    @Test
    void an_explanation_leaves_out_what_is_absent() {
        WebServer.Reply reply = web.get("/events/e1/explain?rule=triage");
        assertThat(reply.json().get("fires").asBoolean()).isFalse();
        JsonNode role = reply.json().at("/roles/0");
        assertThat(role.at("/conditions/0/absent").asBoolean()).isTrue();
        assertThat(role.at("/conditions/0").has("value")).isFalse();
        assertThat(role.at("/where/outcome").asText()).isEqualTo("true");
        assertThat(reply.json().has("where")).isFalse();
        assertThat(reply.json().has("throttle")).isFalse();
        assertThat(reply.json().has("decision")).isFalse();
        assertThat(web.get("/events/e1/explain").status()).isEqualTo(400);
    }

    @Test
    void a_recipe_is_run_by_hand() {
        String body =
                "{\"inputs\":{\"a\":1},\"event\":{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"}}";
        WebServer.Reply reply = web.post("/recipes/notify/run", "application/json", body);
        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.json().get("id").asText()).isNotEmpty();
        assertThat(web.control.started().getLast().inputs().get("a").asInt()).isEqualTo(1);
        assertThat(web.post("/recipes/none/run", "application/json", "{}").status())
                .isEqualTo(404);
        assertThat(web.post("/recipes/notify/run", "application/json", "{\"inputs\":3}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void a_credential_is_stored_and_never_echoed() {
        WebServer.Reply first = web.put("/credentials/token", "text/plain", "s3cret");
        assertThat(first.status()).isEqualTo(201);
        assertThat(first.text()).doesNotContain("s3cret");
        assertThat(web.control.secret("token")).isEqualTo("s3cret".getBytes(StandardCharsets.UTF_8));
        assertThat(web.put("/credentials/token", "application/octet-stream", "x")
                        .status())
                .isEqualTo(200);
        assertThat(web.put("/credentials/token", "application/json", "{}").status())
                .isEqualTo(415);
        assertThat(web.put("/credentials/token", "text/plain", "").status()).isEqualTo(400);
        assertThat(web.put("/credentials/token", "text/plain", "x".repeat(65537))
                        .status())
                .isEqualTo(413);
        assertThat(web.send(web.inProfile("/credentials/token").DELETE()).status())
                .isEqualTo(204);
    }

    @Test
    void a_key_is_shown_once_and_its_digest_never() {
        WebServer.Reply made = web.post("/keys", "application/json", "{\"name\":\"laptop\",\"roles\":[\"viewer\"]}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().get("presentable").asText()).startsWith("hlx_");
        assertThat(made.text()).doesNotContain("digest");
        WebServer.Reply list = web.get("/keys");
        assertThat(list.text()).contains("laptop").doesNotContain("digest").doesNotContain("hlx_");
        String id = made.json().at("/key/id").asText();
        assertThat(web.send(web.inProfile("/keys/" + id).DELETE()).status()).isEqualTo(204);
        assertThat(web.post("/keys", "application/json", "{}").status()).isEqualTo(400);
        assertThat(web.post("/keys", "application/json", "{\"name\":\"x\",\"roles\":\"admin\"}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void a_dead_letter_is_shown_and_sent_again_with_another_body() {
        web.control.add(letter(7, "{\"a\":1}"));
        web.control.add(letter(8, "no json"));
        WebServer.Reply list = web.get("/dead-letters");
        assertThat(list.json().at("/items/0/bodyBase64").asText()).isEqualTo("bm8ganNvbg==");
        assertThat(list.json().at("/items/1/body/a").asInt()).isEqualTo(1);
        assertThat(web.post("/dead-letters/7/resend", "application/json", "{\"a\":2}")
                        .status())
                .isEqualTo(204);
        assertThat(web.control.resent().getLast().body()).hasToString("{\"a\":2}");
        assertThat(web.send(web.inProfile("/dead-letters/8").DELETE()).status()).isEqualTo(204);
        assertThat(web.send(web.inProfile("/dead-letters/9").DELETE()).status()).isEqualTo(404);
        assertThat(web.send(web.inProfile("/dead-letters/x").DELETE()).status()).isEqualTo(404);
    }

    private static StoredMessage letter(long sequence, String body) {
        return new StoredMessage(
                Channel.DEAD_LETTERS,
                "default",
                "a",
                "id",
                sequence,
                NOW,
                Map.of("Helix-Reason", "broken"),
                body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void answers_are_yaml_for_who_prefers_it() {
        WebServer.Reply reply = web.send(web.inProfile("/rules/triage").header("Accept", "application/yaml, */*"));
        assertThat(reply.header("Content-Type")).startsWith("application/yaml");
        assertThat(reply.text()).startsWith("apiVersion: helix/v1\nkind: Rule\n");
    }

    @Test
    void the_api_describes_itself_without_a_key() {
        assertThat(web.send(web.plain("/api/v1/openapi.json"))
                        .json()
                        .get("openapi")
                        .asText())
                .isEqualTo("3.1.0");
    }

    // --- who calls

    @Test
    void without_a_valid_key_nothing_is_answered() {
        WebServer.Reply none = web.send(web.plain("/api/v1/status"));
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(none.header("Content-Type")).startsWith("application/problem+json");
        WebServer.Reply wrong = web.send(web.plain("/api/v1/status").header("X-API-Key", "hlx_no"));
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.header("WWW-Authenticate")).contains("invalid_token");
        assertThat(wrong.text()).doesNotContain("hlx_no");
    }

    @Test
    void the_key_may_also_come_in_its_own_header() {
        assertThat(web.send(web.plain("/api/v1/status").header("X-API-Key", FakeControlPlane.VIEWER_KEY))
                        .status())
                .isEqualTo(200);
        assertThat(web.send(web.plain("/api/v1/status?key=" + FakeControlPlane.ADMIN_KEY))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void what_policy_forbids_names_the_policy() {
        WebServer.Reply reply = web.send(web.plain("/api/v1/profiles/default/rules/triage")
                .header("X-API-Key", FakeControlPlane.VIEWER_KEY)
                .DELETE());
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.json().get("detail").asText()).contains("system.viewers");
    }

    // --- what goes wrong

    @ParameterizedTest
    @CsvSource({"INVALID,400", "NOT_FOUND,404", "CONFLICT,409", "FORBIDDEN,403", "UNAVAILABLE,503", "INTERNAL,500"})
    void each_kind_of_failure_has_its_status(io.helix.api.ErrorKind kind, int status) {
        web.control.failWith(new HelixException(kind, "because of a reason"));
        WebServer.Reply reply = web.get("/rules");
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
        assertThat(reply.json().get("status").asInt()).isEqualTo(status);
        assertThat(reply.json().get("detail").asText()).startsWith("because of a reason");
        assertThat(reply.json().get("instance").asText()).isEqualTo("/api/v1/profiles/default/rules");
        assertThat(reply.header("Retry-After")).isEqualTo(status == 503 ? "1" : "");
    }

    @Test
    void a_defect_is_answered_with_an_error_id_and_nothing_else() {
        web.control.failWith(new IllegalStateException("inner secret"));
        WebServer.Reply reply = web.get("/rules");
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.text()).doesNotContain("inner secret").doesNotContain("Exception");
        assertThat(reply.json().get("errorId").asText()).hasSize(36);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/rules?limit=0",
                "/rules?limit=501",
                "/rules?limit=x",
                "/runs?state=odd",
                "/decisions?permitted=perhaps",
                "/dead-letters?cursor=x"
            })
    void parameters_that_make_no_sense_are_refused(String path) {
        assertThat(web.get(path).status()).isEqualTo(400);
    }

    // --- paths

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api",
                "/api/",
                "/api/v1",
                "/api/v1/",
                "/api/v2/status",
                "/api/v1/nothing",
                "/api/v1/status/",
                "/api/v1/profiles/Default/rules",
                "/api/v1/profiles/a_b/rules",
                "/api/v1/profiles/default/rules/%00",
                "/api/v1/profiles/default/rules/%ff",
                "/api/v1/profiles/default/rules/a;b=c",
                "/api/v1/profiles/default/rules/%3Cscript%3E",
                "/nowhere",
                "/index.htm",
                "/page/index.html"
            })
    void garbage_leads_nowhere(String path) {
        WebServer.Reply reply = web.send(web.plain(path).header("X-API-Key", FakeControlPlane.ADMIN_KEY));
        assertThat(reply.status()).as(reply.text()).isBetween(400, 404);
        assertThat(reply.text()).doesNotContain("Exception").doesNotContain("<script>");
    }

    @Test
    void other_methods_are_told_which_ones_there_are() {
        WebServer.Reply reply = web.send(web.inProfile("/rules").method("PATCH", BodyPublishers.noBody()));
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
        WebServer.Reply options = web.send(web.inProfile("/rules/triage").method("OPTIONS", BodyPublishers.noBody()));
        assertThat(options.status()).isEqualTo(204);
        assertThat(options.header("Allow")).isEqualTo("DELETE, GET, HEAD, OPTIONS, PUT");
    }

    @Test
    void head_is_get_without_the_body() {
        WebServer.Reply reply = web.send(web.inProfile("/rules/triage").method("HEAD", BodyPublishers.noBody()));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("ETag")).isEqualTo("\"1\"");
        assertThat(reply.text()).isEmpty();
        assertThat(web.send(web.inProfile("/live").method("HEAD", BodyPublishers.noBody()))
                        .status())
                .isEqualTo(200);
    }

    // --- health and page

    @Test
    void readiness_is_that_of_the_worst_part() {
        assertThat(web.send(web.plain("/healthz")).json().get("status").asText())
                .isEqualTo("ok");
        assertThat(web.send(web.plain("/readyz")).status()).isEqualTo(200);
        web.control.health(List.of(
                new Health("wasm", Health.State.DEGRADED, "interpreted"),
                new Health("nats", Health.State.UP, "connected")));
        assertThat(web.send(web.plain("/readyz")).json().get("status").asText()).isEqualTo("degraded");
        web.control.health(List.of(new Health("nats", Health.State.DOWN, "gone")));
        WebServer.Reply down = web.send(web.plain("/readyz"));
        assertThat(down.status()).isEqualTo(503);
        assertThat(down.json().at("/parts/0/detail").asText()).isEqualTo("gone");
        web.control.health(List.of(new Health("nats", Health.State.UP, "connected")));
    }

    @Test
    void before_there_is_a_control_plane_health_answers_and_the_api_says_that_it_starts() {
        web.health.control = null;
        assertThat(web.send(web.plain("/healthz")).status()).isEqualTo(200);
        WebServer.Reply ready = web.send(web.plain("/readyz"));
        assertThat(ready.status()).isEqualTo(503);
        assertThat(ready.json().get("status").asText()).isEqualTo("starting");
        web.health.control = web.control;
        WebServer.Reply api = web.send(web.plain("/starting/x"));
        assertThat(api.status()).isEqualTo(503);
        assertThat(api.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void the_page_forbids_scripts_of_others_and_has_none_inside() {
        WebServer.Reply page = web.send(web.plain("/"));
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.header("Content-Security-Policy"))
                .contains("script-src 'self'")
                .doesNotContain("unsafe");
        assertThat(page.text())
                .doesNotContain("style=")
                .doesNotContain("onclick")
                .doesNotContain("http://");
        assertThat(web.send(web.plain("/helix.js")).header("Content-Type")).startsWith("text/javascript");
        assertThat(web.send(web.plain("/helix.css")).header("Content-Type")).startsWith("text/css");
        assertThat(web.send(web.plain("/").POST(BodyPublishers.noBody())).status())
                .isEqualTo(405);
    }
}
