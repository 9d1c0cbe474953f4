package io.helix.web;

import static io.helix.sdk.testing.control.FakeControlPlane.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.helix.api.control.ControlPlane.BackTest;
import io.helix.api.control.ControlPlane.BackTestSide;
import io.helix.api.control.ControlPlane.Firing;
import io.helix.api.control.ControlPlane.RuleStatus;
import io.helix.api.control.ControlPlane.RuleTestCase;
import io.helix.api.control.ControlPlane.RuleTestReport;
import io.helix.api.document.Kind;
import io.helix.sdk.testing.control.FakeControlPlane;
import io.helix.sdk.testing.control.FakeControlPlane.BackTested;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {
    private static final String JSON = "application/json";
    private static final String TRIAGE =
            FakeControlPlane.shell(Kind.RULE, "triage").toString();
    private static final Firing FIRING =
            new Firing(NOW, "\"a\"", List.of("e1", "e2"), Map.of("notify", TextNode.valueOf("x")));

    private WebServer web;

    @BeforeEach
    void start() throws Exception {
        web = new WebServer();
        web.control.add(Kind.RULE, "triage");
    }

    @AfterEach
    void stop() throws Exception {
        web.close();
    }

    private void failOneTest() {
        web.control.add(new RuleTestReport(
                "triage",
                List.of(
                        new RuleTestCase("fires on a bug", true, "", List.of(FIRING)),
                        new RuleTestCase("is quiet", false, "fired once, wanted never", List.of(FIRING)))));
    }

    @Test
    void the_status_of_rules_is_listed() {
        web.control.add(new RuleStatus("triage", 3, "suspended", "too many events", 7, 2, 1, 0, NOW, 0, ""));
        JsonNode status = web.get("/rules/status").json().at("/items/0");
        assertThat(status.get("state").asText()).isEqualTo("suspended");
        assertThat(status.get("lastFired").asText()).isEqualTo("2026-11-24T10:15:30Z");
        assertThat(status.get("remembers").asInt()).isEqualTo(7);
    }

    @Test
    void a_suspended_rule_is_resumed_by_who_may_change_it() {
        assertThat(web.post("/rules/triage/resume", JSON, "").status()).isEqualTo(204);
        assertThat(web.control.resumed()).containsExactly("triage");
        assertThat(web.post("/rules/none/resume", JSON, "").status()).isEqualTo(404);
        assertThat(web.send(viewer("/rules/triage/resume").POST(BodyPublishers.noBody()))
                        .status())
                .isEqualTo(403);
    }

    private HttpRequest.Builder viewer(String path) {
        return web.plain("/api/v1/profiles/default" + path).header("X-API-Key", FakeControlPlane.VIEWER_KEY);
    }

    @Test
    void tests_that_fail_are_an_answer_and_no_failure() {
        failOneTest();
        WebServer.Reply reply = web.send(viewer("/rules/triage/test"));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().get("passed").asBoolean(true)).isFalse();
        JsonNode rule = reply.json().at("/rules/0");
        assertThat(rule.get("rule").asText()).isEqualTo("triage");
        assertThat(rule.get("passed").asBoolean(true)).isFalse();
        assertThat(rule.at("/cases/0/passed").asBoolean()).isTrue();
        assertThat(rule.at("/cases/1/message").asText()).isEqualTo("fired once, wanted never");
        assertThat(rule.at("/cases/1/firings/0/events/1").asText()).isEqualTo("e2");
        assertThat(rule.at("/cases/1/firings/0/with/notify").asText()).isEqualTo("x");
        assertThat(web.get("/rules/none/test").status()).isEqualTo(404);
    }

    @Test
    void rules_are_tested_before_they_are_stored() {
        String two = TRIAGE + "\n" + FakeControlPlane.shell(Kind.RULE, "other");
        JsonNode all = web.post("/rules/test", JSON, two).json();
        assertThat(all.get("passed").asBoolean()).isTrue();
        assertThat(all.get("rules").findValuesAsText("rule")).containsExactly("triage", "other");
        JsonNode one = web.post("/rules/test?rule=other", JSON, two).json();
        assertThat(one.get("rules").findValuesAsText("rule")).containsExactly("other");
        assertThat(web.get("/rules/other").status()).isEqualTo(404);
    }

    @Test
    void a_rule_whose_tests_fail_is_stored_only_by_force() {
        failOneTest();
        WebServer.Reply refused = web.post("/apply", JSON, TRIAGE);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().at("/problems/0/message").asText()).contains("is quiet");
        assertThat(web.put("/rules/triage", JSON, TRIAGE).status()).isEqualTo(422);
        WebServer.Reply tried = web.post("/apply?dryRun=true&force=true", JSON, TRIAGE);
        assertThat(tried.json().at("/items/0/warnings/0").asText()).contains("is quiet");
        assertThat(web.put("/rules/triage?force=true", JSON, TRIAGE)
                        .json()
                        .at("/warnings/0")
                        .asText())
                .contains("is quiet");
        assertThat(web.post("/apply?force=perhaps", JSON, TRIAGE).status()).isEqualTo(400);
    }

    @Test
    void a_back_test_compares_the_candidate_with_the_stored_rule() {
        BackTestSide current = new BackTestSide(1, 0, 0, Map.of(), List.of());
        BackTestSide candidate =
                new BackTestSide(0, 2, 1, Map.of(LocalDate.of(2026, 11, 24), 2L), List.of(FIRING, FIRING));
        web.control.add(
                new BackTest("triage", NOW, NOW, 12, false, true, candidate, current, List.of(FIRING), List.of()));
        WebServer.Reply reply = web.post("/rules/triage/backtest?from=7d&to=1h", JSON, TRIAGE);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        JsonNode answer = reply.json();
        assertThat(answer.get("from").asText()).isEqualTo("2026-11-17T10:15:30Z");
        assertThat(answer.get("to").asText()).isEqualTo("2026-11-24T09:15:30Z");
        assertThat(answer.get("complete").asBoolean(true)).isFalse();
        assertThat(answer.get("cut").asBoolean()).isTrue();
        assertThat(answer.at("/candidate/perDay/2026-11-24").asInt()).isEqualTo(2);
        assertThat(answer.at("/current/fired").asInt()).isZero();
        assertThat(answer.at("/gained/0/time").asText()).isEqualTo("2026-11-24T10:15:30Z");
    }

    @Test
    void without_a_body_or_times_the_stored_rule_is_tried_on_the_last_day() {
        assertThat(web.post("/rules/triage/backtest", JSON, "").status()).isEqualTo(200);
        assertThat(web.post("/rules/backtest?from=2026-11-23T00:00:00%2B01:00", JSON, TRIAGE)
                        .status())
                .isEqualTo(200);
        assertThat(web.control.backTested())
                .containsExactly(
                        new BackTested(null, "triage", NOW.minus(Duration.ofDays(1)), null),
                        new BackTested(TRIAGE, null, Instant.parse("2026-11-22T23:00:00Z"), null));
        assertThat(web.post("/rules/none/backtest", JSON, "").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "from=yesterday, such as 30m",
        "from=24, 7d",
        "to=tomorrow, such as 30m",
        "from=1h&to=2h, choose an earlier",
        "from=2030-01-01T00:00:00Z, choose an earlier"
    })
    void periods_that_make_no_sense_are_refused_with_what_would(String query, String hint) {
        WebServer.Reply reply = web.post("/rules/triage/backtest?" + query, JSON, "");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().get("detail").asText()).contains(hint);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/rules/test", "/rules/backtest"})
    void an_empty_body_is_refused_with_where_a_stored_rule_is_tried(String path) {
        WebServer.Reply reply = web.post(path, JSON, " ");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().get("detail").asText()).contains("/rules/NAME/");
    }
}
