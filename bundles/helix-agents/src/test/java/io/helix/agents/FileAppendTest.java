package io.helix.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.agent.AgentException;
import io.helix.api.event.EventFormat;
import io.helix.sdk.testing.agent.AgentKit;
import io.helix.sdk.testing.agent.TestActionContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileAppendTest {
    @TempDir
    Path folder;

    private Path root;

    @BeforeEach
    void useFolder() {
        root = folder.resolve("files");
    }

    @Test
    void each_call_appends_one_line() throws Exception {
        append("{\"path\": \"a/b/c.log\", \"text\": \"one\\ntwo\"}");
        append("{\"path\": \"a/b/c.log\", \"text\": \"three\", \"fsync\": true}");

        assertThat(root.resolve("a/b/c.log")).hasContent("one\\ntwo\nthree\n");
    }

    @Test
    void without_text_the_event_is_written_as_one_line_of_json() throws Exception {
        JsonNode output = append("{\"path\": \"events.jsonl\"}");

        String line = Files.readString(root.resolve("events.jsonl"));
        assertThat(EventFormat.json().readTree(line).path("type").asText()).isEqualTo("a.b");
        assertThat(line).endsWith("}\n");
        assertThat(output.path("bytes").asInt()).isEqualTo(line.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../out",
                "a/../../out",
                "/etc/out",
                "..",
                ".",
                "a/./b",
                "",
                " ",
                "a/",
                "a\\\\b",
                "a\\u0000b",
                "a\\nb"
            })
    void a_path_that_leads_elsewhere_is_refused(String path) {
        assertThatThrownBy(() -> append("{\"path\": \"" + path + "\", \"text\": \"x\"}"))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.isRetryable()).isFalse());
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void links_are_not_followed() throws Exception {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.createDirectories(root);
        Files.createSymbolicLink(root.resolve("dir"), outside);
        Files.createSymbolicLink(root.resolve("file"), outside.resolve("target"));

        for (String path : List.of("dir/x", "dir/deep/x", "file")) {
            assertThatThrownBy(() -> append("{\"path\": \"" + path + "\", \"text\": \"x\"}"))
                    .isInstanceOf(AgentException.class)
                    .hasMessageContaining("link");
        }
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void a_full_file_is_rotated_and_only_so_many_are_kept() throws Exception {
        String line = "{\"path\": \"r.log\", \"maxBytes\": 1024, \"keep\": 2, \"text\": \"%s\"}";
        for (String letter : List.of("a", "b", "c", "d")) {
            append(line.formatted(letter.repeat(1000)));
        }

        assertThat(Files.readString(root.resolve("r.log"))).startsWith("d");
        assertThat(Files.readString(root.resolve("r.log.1"))).startsWith("c");
        assertThat(Files.readString(root.resolve("r.log.2"))).startsWith("b");
        assertThat(root.resolve("r.log.3")).doesNotExist();
    }

    @Test
    void a_full_file_fails_where_that_is_asked_for() throws Exception {
        String config = "{\"path\": \"r.log\", \"maxBytes\": 1024, \"whenFull\": \"fail\", \"text\": \"%s\"}"
                .formatted("a".repeat(1000));
        append(config);

        assertThatThrownBy(() -> append(config))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("maxBytes");
    }

    @Test
    void lines_of_many_threads_do_not_mix() throws Exception {
        List<Future<JsonNode>> calls = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                String text = String.valueOf((char) ('A' + i % 26)).repeat(500);
                calls.add(threads.submit(() -> append("{\"path\": \"m.log\", \"text\": \"" + text + "\"}")));
            }
        }
        for (Future<JsonNode> call : calls) {
            call.get();
        }

        assertThat(Files.readAllLines(root.resolve("m.log")))
                .hasSize(50)
                .allMatch(
                        line -> line.length() == 500 && line.chars().distinct().count() == 1);
    }

    @Test
    void without_a_folder_the_message_names_the_setting() {
        assertThatThrownBy(() ->
                        new FileAppend(() -> null).perform(AgentKit.event("a.b", "{}"), context("{\"path\": \"x\"}")))
                .hasMessageContaining("helix.file.root");
    }

    private JsonNode append(String config) throws Exception {
        return new FileAppend(() -> root).perform(AgentKit.event("a.b", "{\"n\": 1}"), context(config));
    }

    private static TestActionContext<FileAppendConfig> context(String config) throws Exception {
        return new TestActionContext<>(
                (FileAppendConfig) new FileAppendAgentType().config((com.fasterxml.jackson.databind.node.ObjectNode)
                        EventFormat.json().readTree(config)));
    }
}
