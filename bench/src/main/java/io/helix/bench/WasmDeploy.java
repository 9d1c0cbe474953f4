package io.helix.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

/** New versions of a plugin, put into the folder of a server that works at a fixed rate: what it costs, what is lost. */
final class WasmDeploy implements Benchmark {
    private static final String FILE = "guest.wasm";
    private static final int PER_SECOND = 1_000;
    private static final int BATCH = 50;
    private static final int CONNECTIONS = 4;
    private static final int MOST_RUNS = 10;
    private static final double MOST_MILLIS = 500;
    private static final double MOST_BEHIND_SECONDS = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final int swaps;

    WasmDeploy(int swaps) {
        this.swaps = swaps;
    }

    @Override
    public String name() {
        return "wasm-deploy";
    }

    @Override
    public String about() {
        return swaps + " new versions in the folder of a server at " + PER_SECOND + " events/s";
    }

    /** @param accepted the ids of the events that the server has taken */
    private record Sent(List<String> accepted, double perSecond) {}

    @Override
    public List<Figure> run() throws Exception {
        try (HelixProcess helix = HelixProcess.start();
                HelixApi api = helix.api()) {
            deploy(helix, api, 0);
            api.apply(documents());
            AtomicBoolean over = new AtomicBoolean();
            Queue<String> accepted = new ConcurrentLinkedQueue<>();
            Instant begin = Instant.now();
            FutureTask<Boolean> sending = new FutureTask<>(() -> send(api, over, accepted), true);
            Thread.ofPlatform().start(sending);
            List<Double> millis = new ArrayList<>();
            try {
                while (accepted.size() < PER_SECOND && !sending.isDone()) { // it is at work
                    Thread.sleep(50);
                }
                for (int version = 1; version <= swaps; version++) {
                    millis.add(deploy(helix, api, version));
                }
            } finally {
                over.set(true);
            }
            sending.get();
            double seconds = Duration.between(begin, Instant.now()).toMillis() / 1e3;
            return figures(api, millis, new Sent(List.copyOf(accepted), accepted.size() / seconds));
        }
    }

    /** Milliseconds from the file in its place to the new version in service, without its warm-up. */
    private static double deploy(HelixProcess helix, HelixApi api, int version) throws Exception {
        byte[] content = PluginFile.version(version);
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        Path written = Files.write(helix.home().resolve(FILE), content);
        Files.move(written, helix.home().resolve("deploy").resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        Instant begin = Instant.now();
        Instant deadline = begin.plus(PATIENCE);
        while (Instant.now().isBefore(deadline)) {
            JsonNode plugin = api.plugin(FILE);
            if (plugin.path("sha256").asText().equals(digest)) {
                return Duration.between(begin, Instant.now()).toMillis()
                        - plugin.path("warmUpMs").asDouble();
            }
            Thread.sleep(10);
        }
        throw new IllegalStateException("version " + version + " is not in service after " + PATIENCE);
    }

    private static String documents() throws Exception {
        ObjectNode step = JSON.createObjectNode();
        step.put("id", "digest").put("uses", GuestWork.DIGEST_OUTPUT.type() + "@1");
        step.set("with", JSON.readTree(GuestWork.config()));
        return """
                apiVersion: helix/v1
                kind: Recipe
                metadata: {name: digest}
                spec: {steps: [%s]}
                ---
                apiVersion: helix/v1
                kind: Rule
                metadata: {name: digest}
                spec:
                  match: {type: [github.issues.opened]}
                  then: [{recipe: digest}]
                """.formatted(step);
    }

    /** At the pace, over some connections; what the server is too busy to take is sent again. What is late in the end is not sent. */
    private static void send(HelixApi api, AtomicBoolean over, Queue<String> accepted) {
        List<Future<?>> sending = new ArrayList<>();
        try (ExecutorService connections = Executors.newFixedThreadPool(CONNECTIONS)) {
            new Pace(PER_SECOND / BATCH)
                    .until(
                            over,
                            number -> sending.add(
                                    connections.submit(() -> over.get() ? 0 : send(api, number, accepted))));
        }
        for (Future<?> sent : sending) {
            sent.resultNow(); // throws when that batch could not be sent
        }
    }

    private static int send(HelixApi api, int number, Queue<String> accepted) throws Exception {
        List<ObjectNode> batch = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            batch.add(event(number * BATCH + i));
        }
        for (List<ObjectNode> left = api.publish(batch); !left.isEmpty(); left = api.publish(left)) {
            Thread.sleep(10);
        }
        batch.forEach(event -> accepted.add(event.path("id").asText()));
        return BATCH;
    }

    private static ObjectNode event(int number) {
        try {
            ObjectNode event = (ObjectNode) JSON.readTree(GuestWork.event());
            return event.put("id", "e" + number);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Figure> figures(HelixApi api, List<Double> millis, Sent sent) throws Exception {
        Instant end = Instant.now();
        awaitRunOf(api, sent.accepted().getLast());
        double behind = Duration.between(end, Instant.now()).toMillis() / 1e3;
        Map<String, Integer> succeeded = runsOf(api, sent.accepted());
        long lost = sent.accepted().stream()
                .filter(id -> !succeeded.containsKey(id))
                .count();
        long doubled = succeeded.values().stream().filter(times -> times > 1).count();
        Percentiles live =
                new Percentiles(millis.stream().mapToDouble(Double::doubleValue).toArray());
        int events = sent.accepted().size();
        return List.of(
                Figure.atMost("file in place to live, p50", live.at(50), "ms", "-", 0, MOST_MILLIS),
                Figure.atMost("file in place to live, worst", live.at(100), "ms", "-", 0, MOST_MILLIS),
                Figure.moreIsBetter("events taken meanwhile", sent.perSecond(), "/s", "wanted", PER_SECOND, 0.95),
                Figure.atMost("the last run ends after the last event", behind, "s", "-", 0, MOST_BEHIND_SECONDS),
                Figure.atMost("events without a successful run", lost, "", "events", events, 0),
                Figure.atMost("events with two", doubled, "", "events", events, 0));
    }

    private static void awaitRunOf(HelixApi api, String event) throws Exception {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (api.runs("state=succeeded&event=" + event, 1).isEmpty()) {
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("event " + event + " has no run after " + PATIENCE);
            }
            Thread.sleep(20);
        }
    }

    /** How many successful runs each event has. All are read once; of those that have none then, each is waited for. */
    private static Map<String, Integer> runsOf(HelixApi api, List<String> events) throws Exception {
        Map<String, Integer> times = new HashMap<>();
        api.eachRun("state=succeeded", run -> times.merge(run.path("eventId").asText(), 1, Integer::sum));
        Instant deadline = Instant.now().plus(PATIENCE);
        for (String event : events) {
            while (!times.containsKey(event) && Instant.now().isBefore(deadline)) {
                int runs = api.runs("state=succeeded&event=" + event, MOST_RUNS).size();
                if (runs > 0) {
                    times.put(event, runs);
                } else {
                    Thread.sleep(20);
                }
            }
        }
        return times;
    }
}
