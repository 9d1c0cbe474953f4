package io.helix.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Processes are killed; nothing that was answered with 202 is lost, and nothing runs twice. */
class FaultIT {
    private static final int EVENTS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String RECIPE = """
            apiVersion: helix/v1
            kind: Recipe
            metadata: {name: count}
            spec:
              steps:
                - {id: write, uses: file.append@1, with: {path: count.txt, text: "{{ event.id }}"}}
            ---
            apiVersion: helix/v1
            kind: Rule
            metadata: {name: each}
            spec:
              match: {type: [itest.count]}
              then: [{recipe: count}]
            """;

    private HelixServer helix;
    private Api api;

    @BeforeEach
    void start() {
        helix = HelixServer.start();
        api = new Api(helix, "default");
        api.apply(RECIPE);
    }

    @AfterEach
    void stop() {
        helix.close();
    }

    /** Publishes every event until it is answered with 202, whatever happens to the server meanwhile. */
    private List<Future<?>> publishAll(ExecutorService threads, AtomicInteger accepted) {
        Semaphore atOnce = new Semaphore(16);
        return java.util.stream.IntStream.range(0, EVENTS)
                .<Future<?>>mapToObj(i -> threads.submit(() -> {
                    atOnce.acquireUninterruptibly();
                    try {
                        await().atMost(PATIENCE)
                                .pollInterval(Duration.ofMillis(50))
                                .pollDelay(Duration.ZERO)
                                .until(() -> tryToPublish(i));
                        accepted.incrementAndGet();
                    } finally {
                        atOnce.release();
                    }
                }))
                .toList();
    }

    private boolean tryToPublish(int i) {
        try {
            return api.publish("e" + i, "itest.count", "{}") == 202;
        } catch (java.io.UncheckedIOException e) {
            return false; // the server is down
        }
    }

    private void everyEventRanOnce() throws IOException {
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(api.runs("recipe=count&state=succeeded")).hasSize(EVENTS));
        List<JsonNode> runs = api.runs("recipe=count");
        assertThat(runs).hasSize(EVENTS);
        assertThat(runs.stream().map(run -> run.path("eventId").asText()).distinct())
                .hasSize(EVENTS);
        assertThat(Files.readAllLines(helix.home().resolve("files/count.txt")).stream()
                        .distinct())
                .hasSize(EVENTS);
    }

    private ProcessHandle natsServer() {
        return ProcessHandle.of(helix.pid())
                .orElseThrow()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("nats-server"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void killingNatsWhileEventsComeInLosesAndDoublesNothing() throws Exception {
        AtomicInteger accepted = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> published = publishAll(threads, accepted);
            await().atMost(PATIENCE).until(() -> accepted.get() > EVENTS / 4);

            natsServer().destroyForcibly();

            for (Future<?> event : published) {
                event.get();
            }
        }
        everyEventRanOnce();
    }

    @Test
    void killingTheServerWhileEventsComeInLosesAndDoublesNothing() throws Exception {
        AtomicInteger accepted = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> published = publishAll(threads, accepted);
            await().atMost(PATIENCE).until(() -> accepted.get() > EVENTS / 4);

            helix.kill();
            helix.up();

            for (Future<?> event : published) {
                event.get();
            }
        }
        everyEventRanOnce();
    }
}
