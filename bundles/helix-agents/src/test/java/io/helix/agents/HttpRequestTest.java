package io.helix.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentException;
import io.helix.api.event.Event;
import io.helix.sdk.testing.agent.AgentKit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRequestTest {
    private static final Event EVENT = AgentKit.event("a.b", "{}");

    @Test
    void json_is_sent_and_the_answer_is_the_output() throws Exception {
        AgentKit kit = kit("\"method\": \"POST\", \"body\": {\"n\": 1}, \"headers\": {\"X-A\": \"b\"}");
        kit.http()
                .answer(
                        201,
                        Map.of(
                                "content-type",
                                List.of("application/json; charset=utf-8"),
                                "set-cookie",
                                List.of("session=1"),
                                "etag",
                                List.of("\"e\"")),
                        bytes("{\"ok\": true}"));

        JsonNode output = kit.perform(EVENT, "run-7:call");

        assertThat(output.toString())
                .isEqualTo("{\"status\":201,\"headers\":{\"content-type\":\"application/json; charset=utf-8\","
                        + "\"etag\":\"\\\"e\\\"\"},\"body\":{\"ok\":true}}");
        assertThat(kit.http().lastRequest().headers())
                .containsEntry("Idempotency-Key", "run-7:call")
                .containsEntry("Content-Type", "application/json")
                .containsEntry("X-A", "b");
        assertThat(kit.http().lastRequest().body()).isEqualTo(bytes("{\"n\":1}"));
        assertThat(kit.http().lastRequest().timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(kit.http().lastRequest().followRedirects()).isFalse();
    }

    @Test
    void text_is_sent_as_text_unless_a_header_says_otherwise() throws Exception {
        AgentKit kit = kit("\"method\": \"PUT\", \"body\": \"a=b\", \"headers\": {\"content-type\": \"text/csv\"}");
        kit.http().answerText(200, "fine");

        assertThat(kit.perform(EVENT).path("body").asText()).isEqualTo("fine");
        assertThat(kit.http().lastRequest().headers().values()).contains("text/csv");
        assertThat(kit.http().lastRequest().headers().keySet())
                .filteredOn("content-type"::equalsIgnoreCase)
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "bearer, Authorization, Bearer se:cret",
        "basic, Authorization, Basic c2U6Y3JldA==",
        "header, X-Api-Key, se:cret"
    })
    void a_credential_becomes_a_header_and_never_part_of_the_output(String scheme, String header, String value)
            throws Exception {
        AgentKit kit = kit("\"auth\": {\"scheme\": \"" + scheme + "\", \"credential\": \"api\"}")
                .credential("api", "se:cret");
        kit.http().answerJson(200, "{\"echo\": \"" + value + "\"}");

        JsonNode output = kit.perform(EVENT);

        assertThat(kit.http().lastRequest().headers()).containsEntry(header, value);
        assertThat(output.toString()).doesNotContain("se:cret", "c2U6Y3JldA==").contains("***");
    }

    @Test
    void a_failure_message_holds_neither_secret_nor_query() {
        AgentKit kit = kit("\"auth\": {\"scheme\": \"bearer\", \"credential\": \"api\"}")
                .credential("api", "se:cret");
        kit.http().answerText(403, "no access\nfor Bearer se:cret");

        assertThatThrownBy(() -> kit.perform(EVENT))
                .hasMessage("GET https://api.example.org/v1 answered 403: no access\\nfor Bearer ***");
    }

    @ParameterizedTest
    @CsvSource({"400,false", "401,false", "404,false", "302,false", "408,true", "429,true", "500,true", "503,true"})
    void the_status_decides_whether_a_retry_can_help(int status, boolean retryable) {
        AgentKit kit = kit("\"method\": \"GET\"");
        kit.http().answerText(status, "");

        assertThatThrownBy(() -> kit.perform(EVENT))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.isRetryable()).isEqualTo(retryable));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "120|PT2M",
                "Thu, 01 Jan 2026 00:01:00 GMT|PT1M",
                "Wed, 01 Jan 2020 00:00:00 GMT|PT0S",
                "99999999999|PT24H",
                "99999999999999999999999|null",
                "-1|null",
                "soon|null"
            })
    void the_server_says_when_to_come_back(String header, Duration expected) {
        AgentKit kit = kit("\"method\": \"GET\"");
        kit.http().answer(429, Map.of("retry-after", List.of(header)), new byte[0]);

        AgentException failure = catchThrowableOfType(AgentException.class, () -> kit.perform(EVENT));

        assertThat(failure.retryAfter()).isEqualTo(expected);
    }

    @Test
    void which_statuses_are_a_success_can_be_said() throws Exception {
        AgentKit kit = kit("\"successStatus\": [\"200-204\", \"404\"]");
        kit.http().answerText(404, "").answerText(206, "");

        assertThat(kit.perform(EVENT).path("status").asInt()).isEqualTo(404);
        assertThatThrownBy(() -> kit.perform(EVENT)).isInstanceOf(AgentException.class);
    }

    @Test
    void an_answer_that_only_claims_to_be_json_is_given_as_text() throws Exception {
        AgentKit kit = kit("\"method\": \"GET\"");
        kit.http().answerJson(200, "<html>");

        JsonNode output = kit.perform(EVENT);

        assertThat(output.path("body").asText()).isEqualTo("<html>");
        assertThat(output.path("bodyProblem").asText()).contains("line 1");
    }

    @Test
    void bytes_are_given_in_base64() throws Exception {
        AgentKit kit = kit("\"method\": \"GET\"");
        kit.http().answer(200, Map.of("content-type", List.of("image/png")), new byte[] {(byte) 0x89, 'P'});

        assertThat(kit.perform(EVENT).path("bodyBase64").asText()).isEqualTo("iVA=");
    }

    @Test
    void a_missing_credential_is_a_permanent_failure_and_nothing_is_sent() {
        AgentKit kit = kit("\"auth\": {\"scheme\": \"bearer\", \"credential\": \"api\"}");

        assertThatThrownBy(() -> kit.perform(EVENT))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.isRetryable()).isFalse())
                .hasMessageContaining("'api'");
        assertThat(kit.http().requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"url\": \"file:///etc/passwd\"}",
                "{\"url\": \"https:///nohost\"}",
                "{\"url\": \"https://user:pw@example.org/\"}",
                "{\"url\": \"not a url\"}",
                "{\"url\": \"https://example.org\", \"headers\": {\"A\": \"b\\r\\nEvil: 1\"}}",
                "{\"url\": \"https://example.org\", \"headers\": {\"A b\": \"c\"}}",
                "{\"url\": \"https://example.org\", \"headers\": {\"Host\": \"c\"}}",
                "{\"url\": \"https://example.org\", \"timeout\": \"0s\"}",
                "{\"url\": \"https://example.org\", \"successStatus\": [\"2xx\"]}",
                "{}"
            })
    void a_call_that_cannot_work_is_refused_before_it_runs(String config) {
        assertThatThrownBy(() -> AgentKit.of(new HttpRequestAgentType(), config))
                .isInstanceOf(HelixException.class);
    }

    private static AgentKit kit(String rest) {
        return AgentKit.of(
                new HttpRequestAgentType(), "{\"url\": \"https://api.example.org/v1?token=q\", " + rest + "}");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
