package io.helix.wasm;

import static io.helix.wasm.FakeContext.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.Transformer;
import io.helix.api.event.EventFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The example of the C SDK, as it is committed. */
class IssueDigestTest {
    private static final Path WASM = Path.of("../../sdk/c/examples/issue-digest/issue-digest.wasm");
    private static final AgentType TYPE = load();

    private static AgentType load() {
        try {
            Limits roomy = new Limits(Duration.ofSeconds(10), 10_000, 100, 4_194_304, 1_048_576, 100, 4, 256);
            return new PluginLoader(RunningEngine.sandbox(roomy, new Budgets(64, 16_384)))
                    .load("issue-digest.wasm", Files.readAllBytes(WASM), new PluginStats())
                    .types()
                    .get(0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static ObjectNode issue(String title, String body, String... labels) {
        ObjectNode data = EventFormat.json().createObjectNode().put("action", "opened");
        data.putObject("repository").put("full_name", "acme/shop");
        ObjectNode issue = data.putObject("issue")
                .put("number", 42)
                .put("title", title)
                .put("body", body)
                .put("html_url", "https://github.com/acme/shop/issues/42");
        issue.putObject("user").put("login", "ada").put("type", "User");
        for (String label : labels) {
            issue.withArray("labels").addObject().put("name", label);
        }
        return data;
    }

    private static EventDraft digest(String config, JsonNode data) throws Exception {
        FakeContext raw = new FakeContext(config);
        FakeContext context = new FakeContext(TYPE.config(raw.config()).toString());
        agent().transform(event(data.toString()), context);
        assertThat(context.emitted).hasSize(1);
        return context.emitted.get(0);
    }

    private static Transformer<ObjectNode> agent() {
        return RunningEngine.transformer(TYPE);
    }

    @Test
    void an_issue_becomes_a_digest() throws Exception {
        EventDraft digest = digest("{}", issue("Basket is empty", "I put\n two  things in.", "bug"));

        assertThat(digest.type()).isEqualTo("demo.issue.digest");
        assertThat(digest.data()).isEqualTo(EventFormat.parse("""
                        {"repository":"acme/shop","number":42,"title":"Basket is empty",
                         "url":"https://github.com/acme/shop/issues/42","author":"ada","labels":["bug"],
                         "severity":"normal","words":5,"summary":"I put two things in."}""".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @Test
    void an_urgent_label_makes_it_high() throws Exception {
        assertThat(severity("{}", issue("Slow", "", "bug", "security"))).isEqualTo("high");
        assertThat(severity("{\"urgentLabels\":[\"p1\"]}", issue("Slow", "", "security")))
                .isEqualTo("normal");
    }

    @Test
    void an_urgent_word_in_the_title_makes_it_high_whatever_its_case() throws Exception {
        assertThat(severity("{}", issue("Total OUTAGE in checkout", ""))).isEqualTo("high");
    }

    private static String severity(String config, JsonNode data) throws Exception {
        return digest(config, data).data().path("severity").textValue();
    }

    @Test
    void the_configured_event_type_is_emitted() throws Exception {
        assertThat(digest("{\"emit\":\"team.digest\"}", issue("a", "b")).type()).isEqualTo("team.digest");
    }

    @Test
    void a_long_body_is_cut_at_140_characters_and_not_inside_one() throws Exception {
        String summary = digest("{}", issue("a", "\uD83D\uDE80é\"\\".repeat(1_000)))
                .data()
                .path("summary")
                .textValue();

        assertThat(summary.codePointCount(0, summary.length())).isEqualTo(140);
        assertThat(summary).startsWith("\uD83D\uDE80é\"\\\uD83D\uDE80");
    }

    @Test
    void an_issue_without_a_body_has_no_words() throws Exception {
        ObjectNode data = issue("a", "b");
        ((ObjectNode) data.get("issue")).putNull("body");

        JsonNode digest = digest("{}", data).data();

        assertThat(digest.path("words").intValue()).isZero();
        assertThat(digest.path("summary").textValue()).isEmpty();
    }

    @Test
    void another_event_is_refused_with_a_reason() {
        AgentException failure = catchThrowableOfType(
                AgentException.class, () -> agent().transform(event("{\"zen\":1}"), new FakeContext("{}")));

        assertThat(failure).hasMessageContaining("not a GitHub issue");
        assertThat(failure.isRetryable()).isFalse();
    }
}
