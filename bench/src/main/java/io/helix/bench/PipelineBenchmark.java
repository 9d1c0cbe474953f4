package io.helix.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** From HTTP to the recorded run: events per second of a real server, against bare NATS carrying as many messages. */
final class PipelineBenchmark implements Benchmark {
    private static final int EVENTS = 20_000;
    private static final int CONNECTIONS = 4;
    /** All connections together stay below the server's window of 1,024 messages in flight. */
    private static final int BATCH = 200;

    private static final double LEAST_RATIO = 0.6;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @Override
    public String name() {
        return "pipeline";
    }

    @Override
    public String about() {
        return "events per second from HTTP to the recorded run, against bare NATS";
    }

    @Override
    public List<Figure> run() throws Exception {
        double bare = bare();
        double helix = helix();
        return List.of(Figure.moreIsBetter(
                "pipeline, " + PipelineLoad.RULES + " rules", helix, "events/s", "bare jnats", bare, LEAST_RATIO));
    }

    private static double bare() throws Exception {
        try (NatsProcess nats = NatsProcess.start();
                BarePipeline pipeline = new BarePipeline(nats.url())) {
            pipeline.carry("warm", EVENTS, PATIENCE);
            return perSecond(pipeline.carry("work", EVENTS, PATIENCE));
        }
    }

    private static double helix() throws Exception {
        try (HelixProcess helix = HelixProcess.start();
                HelixApi api = helix.api()) {
            for (String documents : PipelineLoad.documents()) {
                api.apply(documents);
            }
            measure(api, "warm");
            return perSecond(measure(api, "work"));
        }
    }

    private static double perSecond(Duration taken) {
        return EVENTS / (taken.toNanos() / 1e9);
    }

    /** From the first publish until the last of the runs can be read. */
    private static Duration measure(HelixApi api, String prefix) throws Exception {
        List<List<ObjectNode>> batches = batches(prefix);
        Instant begin = Instant.now();
        publish(api, batches);
        Instant recorded = awaitRun(api, prefix + (EVENTS - 1), begin.plus(PATIENCE));
        return Duration.between(begin, awaitAll(api, prefix, begin, recorded));
    }

    private static List<List<ObjectNode>> batches(String prefix) {
        List<List<ObjectNode>> batches = new ArrayList<>();
        for (int first = 0; first < EVENTS; first += BATCH) {
            List<ObjectNode> batch = new ArrayList<>();
            for (int i = first; i < first + BATCH; i++) {
                batch.add(PipelineLoad.event(prefix, i));
            }
            batches.add(batch);
        }
        return batches;
    }

    private static void publish(HelixApi api, List<List<ObjectNode>> batches) throws Exception {
        try (ExecutorService connections = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<?>> answers = new ArrayList<>();
            for (List<ObjectNode> batch : batches) {
                answers.add(connections.submit(() -> {
                    publishUntilTaken(api, batch);
                    return null;
                }));
            }
            for (Future<?> answer : answers) {
                answer.get();
            }
        }
    }

    private static void publishUntilTaken(HelixApi api, List<ObjectNode> batch)
            throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        List<ObjectNode> left = api.publish(batch);
        while (!left.isEmpty()) {
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("the server does not take " + left.size() + " events");
            }
            Thread.sleep(10);
            left = api.publish(left);
        }
    }

    /** When the run of one event was first seen to have ended; looking for one is cheap. */
    private static Instant awaitRun(HelixApi api, String event, Instant deadline)
            throws IOException, InterruptedException {
        while (api.runs("state=succeeded&event=" + event).isEmpty()) {
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("the run of event " + event + " is not recorded in time");
            }
            Thread.sleep(50);
        }
        return Instant.now();
    }

    /**
     * Runs of later events may end before those of earlier ones, so all are counted; counting is dear, so it is not
     * repeated unless it must be.
     */
    private static Instant awaitAll(HelixApi api, String prefix, Instant begin, Instant recorded)
            throws IOException, InterruptedException {
        Instant seen = recorded;
        while (Instant.now().isBefore(begin.plus(PATIENCE))) {
            Set<String> events = new HashSet<>();
            Instant last = seen;
            for (JsonNode run : api.runs("state=succeeded")) {
                String event = run.path("eventId").asText();
                if (event.startsWith(prefix)) {
                    events.add(event);
                    Instant ended = Instant.parse(run.path("ended").asText());
                    last = ended.isAfter(last) ? ended : last;
                }
            }
            if (events.size() == EVENTS) {
                return last;
            }
            seen = Instant.now();
        }
        throw new IllegalStateException("not all of " + EVENTS + " events led to a run");
    }
}
