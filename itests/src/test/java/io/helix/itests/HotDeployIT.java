package io.helix.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles come, go and are updated while events flow: nothing else restarts, and no event is lost or done twice. */
class HotDeployIT {
    private static final int BUNDLES = 50;
    private static final int UPDATES = 20;
    private static final int SENDERS = 4;
    private static final int AT_ONCE = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Uses three bundles; the one that is updated is in it twice. */
    private static final String LINE = """
            apiVersion: helix/v1
            kind: Recipe
            metadata: {name: line}
            spec:
              steps:
                - {id: first, uses: itest.hot00@1}
                - {id: beside, uses: itest.hot01@1}
                - {id: again, needs: [first, beside], uses: itest.hot00@1}
                - {id: last, needs: [again], uses: itest.hot49@1}
            ---
            apiVersion: helix/v1
            kind: Rule
            metadata: {name: line}
            spec:
              match: {type: [itest.line]}
              then: [{recipe: line}]
            """;

    @TempDir
    Path jars;

    private final Set<String> accepted = ConcurrentHashMap.newKeySet();

    private static String type(int number) {
        return "itest.hot%02d".formatted(number);
    }

    private Path jar(int number, int version) throws IOException {
        return Bundles.helloAs(
                jars.resolve(type(number) + ".jar"), type(number), "Hi-%02d".formatted(version), version);
    }

    private void deploy(HelixServer helix, int number, int version) throws IOException {
        helix.deploy(jar(number, version), type(number) + ".jar");
    }

    private void deployAll(HelixServer helix, Api api) throws IOException {
        for (int i = 0; i < BUNDLES; i++) {
            deploy(helix, i, 0);
        }
        await().atMost(PATIENCE).until(() -> {
            String types = api.get("/agent-types").toString();
            for (int i = 0; i < BUNDLES; i++) {
                if (!types.contains("\"" + type(i) + "\"")) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Sends until told to stop, a few events at a time, so that there is always work and never a heap of it. */
    private void send(Api api, String sender, AtomicBoolean enough) {
        for (int round = 0; !enough.get(); round++) {
            String last = "";
            for (int i = 0; i < AT_ONCE; i++) {
                String id = sender + "-" + round + "-" + i;
                if (api.publish(id, "itest.line", "{}") == 202) {
                    accepted.add(id);
                    last = id;
                }
            }
            if (!last.isEmpty()) {
                awaitEnd(api, last);
            }
        }
    }

    private static void awaitEnd(Api api, String event) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> api.runs("event=" + event).stream()
                        .anyMatch(run -> !run.path("state").asText().equals("RUNNING")));
    }

    private static List<String> probe(HelixServer helix) throws IOException {
        Path file = helix.home().resolve("probe.log");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private void assertOneRunForEachEvent(Api api) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            List<JsonNode> runs = api.runs("rule=line");
            assertThat(runs)
                    .extracting(run -> run.path("eventId").asText())
                    .doesNotHaveDuplicates()
                    .containsAll(accepted);
            assertThat(runs)
                    .allSatisfy(run -> assertThat(run.path("state").asText())
                            .as(run.toString())
                            .isEqualTo("SUCCEEDED"));
        });
    }

    @Test
    void updatingRemovingAndInstallingABundleRestartsNothingElseAndLosesNoEvent() throws Exception {
        try (HelixServer helix = HelixServer.start();
                ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            Api api = new Api(helix, "default");
            deployAll(helix, api);
            api.apply(LINE);
            helix.deploy(Bundles.probe(jars.resolve("probe.jar")), "probe.jar");
            await().atMost(PATIENCE).until(() -> probe(helix).contains("started itest.probe 1.0.0"));
            long process = helix.pid();
            int before = probe(helix).size();
            AtomicBoolean enough = new AtomicBoolean();
            List<Future<?>> sending = new ArrayList<>();
            try {
                for (int i = 0; i < SENDERS; i++) {
                    String name = "s" + i;
                    sending.add(senders.submit(() -> send(api, name, enough)));
                }

                for (int version = 1; version <= UPDATES; version++) {
                    deploy(helix, 0, version);
                    String updated = "started itest.hot00 1.0." + version;
                    await().atMost(PATIENCE).until(() -> probe(helix).contains(updated));
                }
                helix.undeploy(type(30) + ".jar");
                await().atMost(PATIENCE).until(() -> !api.deployed(type(30)));
                deploy(helix, BUNDLES, 0);
                await().atMost(PATIENCE).until(() -> api.deployed(type(BUNDLES)));
            } finally {
                enough.set(true);
            }
            for (Future<?> each : sending) {
                each.get();
            }
            assertThat(api.publish("the-last", "itest.line", "{}")).isEqualTo(202);
            accepted.add("the-last");

            assertOneRunForEachEvent(api);
            JsonNode last = api.runs("event=the-last").getFirst();
            assertThat(last.path("steps"))
                    .filteredOn(step -> step.path("agent").asText().startsWith(type(0)))
                    .extracting(step -> step.path("output").path("text").asText())
                    .containsExactly("Hi-20, world!", "Hi-20, world!");
            List<String> seen = probe(helix).subList(before, probe(helix).size());
            assertThat(seen)
                    .allMatch(line -> line.contains(" itest.hot00 ")
                            || line.contains(" itest.hot30 ")
                            || line.contains(" itest.hot50 "));
            assertThat(seen)
                    .filteredOn(line -> line.startsWith("updated itest.hot00"))
                    .hasSize(UPDATES);
            assertThat(seen)
                    .filteredOn(line -> line.startsWith("service-gone itest.hot00"))
                    .hasSize(UPDATES);
            assertThat(seen).contains("uninstalled itest.hot30 1.0.0", "started itest.hot50 1.0.0");
            JsonNode calls =
                    Api.parse(helix.get("/api/v1/plugins/" + type(0)).body()).path("calls");
            assertThat(calls.path("total").asLong()) // two steps of each run, over all versions
                    .isGreaterThanOrEqualTo(2L * accepted.size());
            assertThat(calls.path("p99Micros").asLong()).isPositive();
            assertThat(helix.pid()).isEqualTo(process);
            assertThat(helix.get("/readyz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void anUpgradeOfTheServerThatInstallsAllBundlesAnewFailsNoRun() throws Exception {
        try (HelixServer helix = HelixServer.start()) {
            Api api = new Api(helix, "default");
            deployAll(helix, api);
            api.apply(LINE);
            publish(api, "before", 100);

            helix.kill();
            // What a new distribution looks like to an old home.
            Files.writeString(helix.home().resolve("etc/.distribution"), "another");
            helix.up();
            publish(api, "after", 20);

            assertOneRunForEachEvent(api);
        }
    }

    private void publish(Api api, String name, int count) {
        for (int i = 0; i < count; i++) {
            String id = name + "-" + i;
            assertThat(api.publish(id, "itest.line", "{}")).isEqualTo(202);
            accepted.add(id);
        }
    }
}
