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

/** The whole line of a real server, as its clients see it. */
final class HelixPipeline {
    private static final int CONNECTIONS = 4;
    /** All connections together stay below the server's window of 1,024 messages in flight. */
    private static final int BATCH = 200;

    private final HelixApi api;

    HelixPipeline(HelixApi api) throws IOException, InterruptedException {
        this.api = api;
        for (String documents : PipelineLoad.documents()) {
            api.apply(documents);
        }
    }

    /** From the first publish until the last of the runs can be read. */
    Duration carry(String prefix, int count, Duration patience) throws Exception {
        List<List<ObjectNode>> batches = batches(prefix, count);
        Instant begin = Instant.now();
        Instant deadline = begin.plus(patience);
        publish(batches, deadline);
        Instant seen = awaitRun(prefix + (count - 1), deadline);
        return Duration.between(begin, awaitAll(prefix, count, seen, deadline));
    }

    private static List<List<ObjectNode>> batches(String prefix, int count) {
        List<List<ObjectNode>> batches = new ArrayList<>();
        for (int first = 0; first < count; first += BATCH) {
            List<ObjectNode> batch = new ArrayList<>();
            for (int i = first; i < Math.min(count, first + BATCH); i++) {
                batch.add(PipelineLoad.event(prefix, i));
            }
            batches.add(batch);
        }
        return batches;
    }

    private void publish(List<List<ObjectNode>> batches, Instant deadline) throws Exception {
        try (ExecutorService connections = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<?>> answers = new ArrayList<>();
            for (List<ObjectNode> batch : batches) {
                answers.add(connections.submit(() -> {
                    publishUntilTaken(batch, deadline);
                    return null;
                }));
            }
            for (Future<?> answer : answers) {
                answer.get();
            }
        }
    }

    private void publishUntilTaken(List<ObjectNode> batch, Instant deadline) throws IOException, InterruptedException {
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
    private Instant awaitRun(String event, Instant deadline) throws IOException, InterruptedException {
        while (api.runs("state=succeeded&event=" + event, 1).isEmpty()) {
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("the run of event " + event + " is not recorded in time");
            }
            Thread.sleep(50);
        }
        return Instant.now();
    }

    /** Runs of later events may end before those of earlier ones; all are counted once, which is dear. */
    private Instant awaitAll(String prefix, int count, Instant first, Instant deadline)
            throws IOException, InterruptedException {
        Set<String> found = new HashSet<>();
        for (JsonNode run : api.runs("state=succeeded", count)) {
            found.add(run.path("eventId").asText());
        }
        Instant seen = first;
        for (int i = 0; i < count; i++) {
            if (!found.contains(prefix + i)) {
                seen = awaitRun(prefix + i, deadline);
            }
        }
        return seen;
    }
}
