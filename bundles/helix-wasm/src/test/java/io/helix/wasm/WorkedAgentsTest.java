package io.helix.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.EventDraft;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.sdk.testing.agent.AgentKit;
import io.helix.wasm.Manifest.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** The examples of the SDKs for AssemblyScript, JavaScript and Rust, as they are committed. */
class WorkedAgentsTest {
    private static final String CSV = "assemblyscript/examples/csv-to-events/csv-to-events.wasm";
    private static final String STATUS = "javascript/examples/status-watch/status-watch.wasm";
    private static final String FEED = "rust/examples/feed-watch/feed-watch.wasm";

    /** Time enough for an engine that only interprets. */
    private static final Limits ROOMY = allowing(100);

    private static final String INCIDENT = """
            {"page": {"name": "GitHub"}, "incidents": [{"id": "i1", "name": "Errors", "status": "%s", "impact": "major",
             "created_at": "2026-03-02T09:14:00Z", "updated_at": "%s", "resolved_at": null,
             "incident_updates": [{"body": " We look into it. "}]}]}""";

    private static Limits allowing(int events) {
        return new Limits(Duration.ofSeconds(10), 10_000, events, 4 * 1024 * 1024, 1024 * 1024, 100, 4, 256);
    }

    private static LoadedPlugin load(String file) throws IOException {
        return load(file, ROOMY);
    }

    private static LoadedPlugin load(String file, Limits limits) throws IOException {
        byte[] wasm = Files.readAllBytes(Path.of("../../sdk").resolve(file));
        Sandbox sandbox = RunningEngine.sandbox(limits, new Budgets(64, 16_384));
        return new PluginLoader(sandbox).load(file, wasm, new PluginStats());
    }

    private static AgentKit agent(LoadedPlugin plugin, String type, JsonNode config) {
        AgentType found = plugin.types().stream()
                .filter(candidate -> candidate.descriptor().type().equals(type))
                .findFirst()
                .orElseThrow();
        return AgentKit.of(found, config.toString());
    }

    private static AgentKit source(String file, String type, String config) throws Exception {
        AgentKit kit = agent(load(file), type, EventFormat.json().readTree(config));
        return kit.start();
    }

    private static Event event(Sample sample) {
        return EventFormat.fromJson(sample.event(), FakeContext.NOW);
    }

    private static ObjectNode json(String text) throws IOException {
        return (ObjectNode) EventFormat.json().readTree(text);
    }

    @Test
    void csv_to_events_makes_an_event_of_each_row_and_reports_the_one_that_does_not_fit() throws Exception {
        LoadedPlugin plugin = load(CSV);
        Sample sample = plugin.manifest().samples().getFirst();

        List<EventDraft> rows = agent(plugin, "csv.rows", sample.config()).transform(event(sample));

        assertThat(rows).extracting(EventDraft::type).containsExactly("csv.row", "csv.row.bad", "csv.row");
        assertThat(rows).extracting(EventDraft::id).containsExactly("orders-1-2", "orders-1-3", "orders-1-4");
        assertThat(rows.get(0).data())
                .isEqualTo(json("{\"order\":1001,\"amount\":12.5,\"paid\":true,\"note\":\"soap, green\"}"));
        assertThat(rows.get(1).data().path("reason").asText()).isEqualTo("'amount' is not of type number: ten");
    }

    @Test
    void csv_to_events_makes_as_many_events_as_a_call_may_emit() throws Exception {
        assertThat(csvOfRows(load(CSV), 100)).hasSize(100);
        assertThat(csvOfRows(load(CSV, allowing(1_000)), 500)).hasSize(500);
    }

    @Test
    void csv_to_events_says_how_many_rows_there_are_when_they_are_too_many() throws Exception {
        LoadedPlugin plugin = load(CSV);

        AgentException failure = Assertions.catchThrowableOfType(AgentException.class, () -> csvOfRows(plugin, 500));

        assertThat(failure)
                .hasMessageContaining("none of the 500 rows became an event: line 102: at most 100 events in one call");
        assertThat(failure.isRetryable()).isFalse();
    }

    private static List<EventDraft> csvOfRows(LoadedPlugin plugin, int rows) throws Exception {
        JsonNode data = EventFormat.json().createObjectNode().put("csv", "a\n" + "1\n".repeat(rows));
        return agent(plugin, "csv.rows", json("{}")).transform(AgentKit.event("orders.uploaded", data.toString()));
    }

    @Test
    void csv_to_events_fails_for_good_without_a_text() throws Exception {
        AgentKit agent = agent(load(CSV), "csv.rows", json("{}"));

        AgentException failure = Assertions.catchThrowableOfType(
                AgentException.class, () -> agent.transform(AgentKit.event("orders.uploaded", "{}")));

        assertThat(failure).hasMessageContaining("'csv' is missing");
        assertThat(failure.isRetryable()).isFalse();
    }

    @Test
    void status_watch_tells_an_incident_once_and_again_when_it_changes() throws Exception {
        AgentKit watch = source(STATUS, "status.watch", "{}");
        String first = INCIDENT.formatted("investigating", "2026-03-02T09:20:00Z");
        watch.http().answerJson(200, first).answerJson(200, first);
        watch.http().answerJson(200, INCIDENT.formatted("monitoring", "2026-03-02T09:40:00Z"));

        watch.advance(Duration.ZERO);
        watch.advance(Duration.ofMinutes(5));
        assertThat(watch.emitted()).hasSize(1);
        watch.advance(Duration.ofMinutes(5));

        assertThat(watch.emitted())
                .extracting(draft -> draft.data().path("status").asText())
                .containsExactly("investigating", "monitoring");
        assertThat(watch.emitted().getLast().data().path("was").asText()).isEqualTo("investigating");
        assertThat(watch.http().lastRequest().uri()).hasHost("www.githubstatus.com");
    }

    @Test
    void status_watch_writes_a_message_about_an_incident() throws Exception {
        LoadedPlugin plugin = load(STATUS);
        Sample sample = plugin.manifest().samples().getFirst();

        List<EventDraft> messages =
                agent(plugin, "status.message", sample.config()).transform(event(sample));

        assertThat(messages)
                .singleElement()
                .satisfies(message -> assertThat(message.data().path("text").asText())
                        .startsWith("✓ Example: Errors in the API is resolved after 1 h 30 min"));
    }

    @Test
    void feed_watch_tells_of_each_item_once() throws Exception {
        AgentKit watch = source(FEED, "feed.watch", "{\"url\":\"https://example.org/feed\",\"existing\":true}");
        watch.http().answerJson(200, "{\"items\": [{\"id\": 1, \"title\": \"one\"}]}");
        watch.http().answerJson(200, "{\"items\": [{\"id\": 2, \"title\": \"two\"}, {\"id\": 1, \"title\": \"one\"}]}");

        watch.advance(Duration.ZERO);
        watch.advance(Duration.ofMinutes(5));

        assertThat(watch.emitted())
                .extracting(draft -> draft.data().path("title").asText())
                .containsExactly("one", "two");
    }
}
