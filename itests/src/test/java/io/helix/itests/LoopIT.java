package io.helix.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A rule whose recipe publishes what triggers it again. */
class LoopIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final HelixServer HELIX = HelixServer.prepare();

    @BeforeAll
    static void start() throws IOException {
        Path etc = Files.createDirectories(HELIX.home().resolve("etc"));
        Files.writeString(etc.resolve("io.helix.runtime.cfg"), "depth.max = 4\n");
        HELIX.up();
    }

    @AfterAll
    static void stop() {
        HELIX.close();
    }

    @Test
    void aLoopEndsWhereTheConfigurationSaysAndSaysWhy() {
        Api api = new Api(HELIX, "default");
        api.apply("""
                apiVersion: helix/v1
                kind: Recipe
                metadata: {name: echo}
                spec:
                  steps:
                    - {id: again, uses: transform@1, with: {type: itest.loop}, publish: true}
                ---
                apiVersion: helix/v1
                kind: Rule
                metadata: {name: loop}
                spec:
                  match: {type: [itest.loop]}
                  then: [{recipe: echo}]
                """);

        assertThat(api.publish("loop-1", "itest.loop", "{}")).isEqualTo(202);
        await().atMost(PATIENCE).untilAsserted(() -> {
            // One for the event from outside, and one for each event that another caused.
            assertThat(api.runs("recipe=echo")).hasSize(1 + 4);
            assertThat(failed(api))
                    .singleElement()
                    .satisfies(run -> assertThat(run.toString()).contains("sys.depth"));
        });
        assertThat(HELIX.shell("helix:decisions --forbidden").output())
                .contains("sys.depth")
                .contains("publishEvent");
    }

    private static List<JsonNode> failed(Api api) {
        return api.runs("recipe=echo").stream()
                .filter(run -> run.path("state").asText().equals("FAILED"))
                .toList();
    }
}
