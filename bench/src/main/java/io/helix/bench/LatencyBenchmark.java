package io.helix.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * From sending an event to the agent, at a fixed rate. The server records when a step ended, and the step's action does
 * nothing, so its end is its call: the figure is never better than the truth.
 */
final class LatencyBenchmark implements Benchmark {
    private static final Pace PACE = new Pace(200);
    private static final int WARM_UP_SECONDS = 20;
    private static final int BARE_WARM_UP_SECONDS = 5;
    private static final int SECONDS = 10;
    private static final double MOST_P50 = 3;
    private static final double MOST_P99 = 15;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String about() {
        return "milliseconds from HTTP to the agent at " + PACE.perSecond() + " events/s, against one hop over NATS";
    }

    @Override
    public List<Figure> run() throws Exception {
        Percentiles bare = bare();
        Percentiles helix = helix();
        return List.of(
                figure("p50", helix.at(50), bare.at(50), MOST_P50), figure("p99", helix.at(99), bare.at(99), MOST_P99));
    }

    private static Figure figure(String percentile, double helix, double bare, double most) {
        String name = "event to agent " + percentile + ", " + PACE.perSecond() + "/s";
        return Figure.atMost(name, helix, "ms", "bare jnats, one hop", bare, most);
    }

    private static Percentiles bare() throws Exception {
        try (NatsProcess nats = NatsProcess.start();
                BareLatency hop = new BareLatency(nats.url())) {
            hop.measure("warm", PACE, BARE_WARM_UP_SECONDS);
            return hop.measure("work", PACE, SECONDS);
        }
    }

    private static Percentiles helix() throws Exception {
        try (HelixProcess helix = HelixProcess.start();
                HelixApi api = helix.api()) {
            for (String documents : PipelineLoad.documents()) {
                api.apply(documents);
            }
            publish(api, "warm", PACE.times(WARM_UP_SECONDS));
            Map<String, Instant> sent = publish(api, "work", PACE.times(SECONDS));
            return new Percentiles(awaitMillis(api, sent));
        }
    }

    /** Publishes at the pace, waiting for no answer before the last; when each event was sent. */
    private static Map<String, Instant> publish(HelixApi api, String prefix, int times) {
        Map<String, Instant> sent = new HashMap<>();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        PACE.run(times, number -> {
            var event = PipelineLoad.event(prefix, number);
            sent.put(event.get("id").asText(), Instant.parse(event.get("time").asText()));
            answers.add(api.publishBinary(event));
        });
        CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new)).join();
        return sent;
    }

    private static double[] awaitMillis(HelixApi api, Map<String, Instant> sent)
            throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        Map<String, Double> millis = Map.of();
        while (millis.size() < sent.size()) {
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException(
                        "only " + millis.size() + " of " + sent.size() + " events led to a recorded run");
            }
            Thread.sleep(500);
            millis = millis(api, sent);
        }
        return millis.values().stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static Map<String, Double> millis(HelixApi api, Map<String, Instant> sent)
            throws IOException, InterruptedException {
        Map<String, Double> millis = new HashMap<>();
        for (JsonNode run : api.runs("state=succeeded", sent.size())) {
            Instant begin = sent.get(run.path("eventId").asText());
            if (begin != null) {
                Instant called =
                        Instant.parse(run.path("steps").path(0).path("ended").asText());
                millis.put(
                        run.path("eventId").asText(),
                        Duration.between(begin, called).toNanos() / 1e6);
            }
        }
        return millis;
    }
}
