package io.helix.wasm;

import static io.helix.wasm.Attack.LOOP;
import static io.helix.wasm.WasmBuilder.bytes;
import static io.helix.wasm.WasmBuilder.call;
import static io.helix.wasm.WasmBuilder.constant;
import static io.helix.wasm.WasmBuilder.drop;
import static io.helix.wasm.WasmBuilder.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.Action;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.HttpCaller;
import io.helix.api.agent.PluginSource.Trial;
import io.helix.api.agent.PluginTrust.Admission;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Plugins in service: replaced under load, warmed up, counted, tried out, and kept apart. */
@Timeout(60)
class ShelfServiceTest {
    private static final String CAPABILITIES = "\"capabilities\":{\"kv\":true,\"http\":[\"*\"]}";

    /** As the framework would keep them: the newest that is registered serves. */
    private final Map<String, ConcurrentLinkedDeque<AgentType>> registered = new ConcurrentHashMap<>();

    private final PluginShelf shelf = new PluginShelf(
            new PluginLoader(RunningEngine.SANDBOX), (file, bytes) -> new Admission("", ""), this::register);

    @TempDir
    Path folder;

    private Runnable register(AgentType type) {
        ConcurrentLinkedDeque<AgentType> known =
                registered.computeIfAbsent(type.descriptor().type(), name -> new ConcurrentLinkedDeque<>());
        known.addFirst(type);
        return () -> known.remove(type);
    }

    @AfterEach
    void close() {
        shelf.close();
    }

    private static WasmBuilder action(String version, String members) {
        return new WasmBuilder()
                .manifest("{\"abi\":1,\"name\":\"x\",\"version\":\"" + version
                        + "\",\"type\":\"demo.x\",\"kind\":\"action\"" + (members.isEmpty() ? "" : "," + members)
                        + "}");
    }

    private void deploy(WasmBuilder module) throws IOException {
        shelf.deploy(Files.write(folder.resolve("x.wasm"), module.build()));
        assertThat(shelf.plugins()).extracting("state").containsExactly("active");
    }

    @SuppressWarnings("unchecked")
    private JsonNode perform(Event event, FakeContext context) throws Exception {
        AgentType type = Objects.requireNonNull(registered.get("demo.x")).getFirst();
        return ((Action<ObjectNode>) type.create()).perform(event, context);
    }

    private static WasmBuilder telling(String version) {
        String output = "\"" + version + "\"";
        return action(version, "\"limits\":{\"timeoutMs\":10000}") // many threads on few processors
                .importing(HostFunction.OUTPUT_WRITE)
                .data(0, output)
                .handler(call(0, 0, output.length()));
    }

    @Test
    void twenty_versions_are_deployed_under_load_and_no_call_fails() throws Exception {
        // Too long to be kept for warm-ups, which would take a second and more each.
        Event event = FakeContext.event("\"" + "x".repeat(70_000) + "\"");
        deploy(telling("1.0.0"));
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<List<String>>> callers = new ArrayList<>();
            CountDownLatch called = new CountDownLatch(8);
            for (int i = 0; i < 8; i++) {
                callers.add(threads.submit(() -> {
                    FakeContext context = new FakeContext("{}");
                    List<String> answers = new ArrayList<>();
                    while (!over.get()) {
                        answers.add(perform(event, context).asText());
                        called.countDown();
                    }
                    return answers;
                }));
            }
            try {
                assertThat(called.await(30, TimeUnit.SECONDS)).isTrue();
                for (int version = 1; version <= 20; version++) {
                    deploy(telling("1." + version + ".0"));
                }
            } finally {
                over.set(true);
            }
            for (Future<List<String>> caller : callers) {
                assertThat(caller.get()).isNotEmpty().allMatch(answer -> answer.matches("1\\.\\d+\\.0"));
            }
        }
        assertThat(perform(event, new FakeContext("{}")).asText()).isEqualTo("1.20.0");
        assertThat(registered.get("demo.x")).hasSize(1);
        assertThat(shelf.details("x.wasm")
                        .orElseThrow()
                        .path("calls")
                        .path("trapped")
                        .asInt())
                .isZero();
    }

    @Test
    void a_call_that_has_begun_ends_on_its_version_though_that_is_replaced_meanwhile() throws Exception {
        CyclicBarrier inside = new CyclicBarrier(2);
        CyclicBarrier replaced = new CyclicBarrier(2);
        FakeContext context = new FakeContext("{}");
        context.http = request -> {
            meet(inside);
            meet(replaced);
            return new HttpCaller.Response(200, Map.of(), new byte[0]);
        };
        String request = "{\"url\":\"http://a.example.com/\"}";
        deploy(action("1.0.0", CAPABILITIES + ",\"limits\":{\"timeoutMs\":10000}")
                .importing(HostFunction.OUTPUT_WRITE, HostFunction.HTTP_REQUEST)
                .data(0, "\"old\"" + request)
                .handler(call(1, 5, request.length(), 500, 500), drop(), call(0, 0, 5)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<JsonNode> running = threads.submit(() -> perform(FakeContext.event("{}"), context));
            meet(inside);
            deploy(telling("2.0.0"));
            meet(replaced);

            assertThat(running.get().asText()).isEqualTo("old");
        }
        assertThat(perform(FakeContext.event("{}"), context).asText()).isEqualTo("2.0.0");
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_warm_up_has_no_effects() throws Exception {
        String request = "{\"url\":\"http://a.example.com/\"}";
        String event = "{\"type\":\"a\",\"data\":1}";
        FakeContext context = new FakeContext("{}");
        AtomicInteger sent = new AtomicInteger();
        context.http = ignored -> {
            sent.incrementAndGet();
            return new HttpCaller.Response(200, Map.of(), new byte[0]);
        };
        for (String version : List.of("1.0.0", "1.1.0")) {
            deploy(action(version, CAPABILITIES)
                    .importing(HostFunction.HTTP_REQUEST, HostFunction.KV_SET, HostFunction.EMIT_EVENT)
                    .data(0, request + event)
                    .handler(
                            call(0, 0, request.length(), 500, 500),
                            drop(),
                            call(1, 0, 5, 0, 5, 0),
                            drop(),
                            call(2, request.length(), event.length())));
            if (version.equals("1.0.0")) {
                perform(FakeContext.event("{}"), context);
            }
        }
        ObjectNode details = shelf.details("x.wasm").orElseThrow();

        assertThat(details.path("warmUpMs").asLong()).isPositive();
        assertThat(sent).hasValue(1);
        assertThat(context.emitted).hasSize(1);
        assertThat(context.stored.asMap()).hasSize(1);
        assertThat(details.path("calls").path("total").asInt()).isOne();
    }

    @Test
    void a_trial_run_keeps_only_so_much() {
        DryContext context = new DryContext(EventFormat.json().createObjectNode(), InstantSource.system(), line -> {});

        Throwable full = catchThrowable(() -> {
            for (int i = 0; i < 1_000_000; i++) {
                context.state().put("k" + i, "v", Duration.ofSeconds(1));
            }
        });
        assertThat(full).isInstanceOf(HelixException.class).hasMessageContaining("at most");
    }

    @Test
    void what_became_of_the_calls_is_counted() throws Exception {
        // By the length of the input: 0 done, and then trap, loop, failure, refusals.
        String request = "{\"url\":\"http://evil.example/\"}";
        deploy(action("1.0.0", "\"limits\":{\"timeoutMs\":1000}")
                .importing(HostFunction.HTTP_REQUEST, HostFunction.RANDOM)
                .memory(0, 16)
                .data(0, request)
                .handler(
                        longer(5_000, LOOP),
                        longer(4_000, bytes(0x00)),
                        longer(3_000, constant(1), bytes(0x0f)),
                        longer(2_000, call(0, 0, request.length(), 500, 500), drop(), call(1, 0, 1_000_000), drop()),
                        constant(0)));
        FakeContext context = new FakeContext("{}");
        for (int length : List.of(0, 2_000, 3_000, 4_000, 5_000)) {
            Throwable ignored =
                    catchThrowable(() -> perform(FakeContext.event("\"" + "x".repeat(length) + "\""), context));
            assertThat(ignored == null).isEqualTo(length < 3_000);
        }

        JsonNode calls = shelf.details("x.wasm").orElseThrow().path("calls");
        assertThat(calls.path("total").asInt()).isEqualTo(5);
        assertThat(calls.path("failed").asInt()).isOne();
        assertThat(calls.path("trapped").asInt()).isOne();
        assertThat(calls.path("killed").asInt()).isOne();
        assertThat(calls.path("denied").asInt()).isOne();
        assertThat(calls.path("limited").toString()).isEqualTo("{\"randomBytes\":1}");
        assertThat(calls.path("hostCalls").asInt()).isEqualTo(2);
    }

    private static byte[] longer(int length, byte[]... code) {
        return join(bytes(0x20, 0x00), constant(length), bytes(0x4a, 0x04, 0x40), join(code), bytes(0x0b));
    }

    @Test
    void a_call_that_finds_no_memory_is_counted_as_rejected_and_can_be_retried() throws Exception {
        CyclicBarrier inside = new CyclicBarrier(2);
        CyclicBarrier leave = new CyclicBarrier(2);
        FakeContext busy = new FakeContext("{}");
        busy.http = request -> {
            meet(inside);
            meet(leave);
            return new HttpCaller.Response(200, Map.of(), new byte[0]);
        };
        String request = "{\"url\":\"http://a.example.com/\"}";
        Budgets forOne = new Budgets(64, RunningEngine.LIMITS.memoryPages());
        PluginStats stats = new PluginStats();
        LoadedPlugin plugin = new PluginLoader(RunningEngine.sandbox(RunningEngine.LIMITS, forOne))
                .load(
                        "x.wasm",
                        action("1.0.0", CAPABILITIES + ",\"limits\":{\"timeoutMs\":10000}")
                                .importing(HostFunction.HTTP_REQUEST)
                                .data(0, request)
                                .handler(call(0, 0, request.length(), 500, 500), drop(), constant(0))
                                .build(),
                        stats);
        WasmAction action = (WasmAction) plugin.types().getFirst().create();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<JsonNode> running = threads.submit(() -> action.perform(FakeContext.event("{}"), busy));
            meet(inside);
            assertThatThrownBy(() -> action.perform(FakeContext.event("{}"), busy))
                    .isInstanceOfSatisfying(
                            AgentException.class,
                            failure -> assertThat(failure.isRetryable()).isTrue())
                    .hasMessageContaining("memory pages");
            meet(leave);
            running.get();
        }
        assertThat(stats.snapshot().rejected()).isOne();
        assertThat(stats.snapshot().calls()).isOne();
    }

    /** The guest marks in its memory that somebody is in it, asks the host twice, and takes the mark away. */
    @Test
    void no_instance_works_for_two_calls_at_once() throws Exception {
        deploy(action("1.0.0", "\"limits\":{\"timeoutMs\":10000}")
                .importing(HostFunction.NOW)
                .handler(
                        constant(64),
                        bytes(0x28, 0x02, 0x00), // (i32.load): is somebody in here?
                        bytes(0x04, 0x40, 0x00, 0x0b), // (if (unreachable))
                        constant(64),
                        constant(1),
                        bytes(0x36, 0x02, 0x00), // (i32.store)
                        call(0, 8),
                        drop(),
                        call(0, 8),
                        drop(),
                        constant(64),
                        constant(0),
                        bytes(0x36, 0x02, 0x00),
                        constant(0)));
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                callers.add(threads.submit(() -> {
                    FakeContext context = new FakeContext("{}");
                    for (int n = 0; n < 300; n++) {
                        perform(FakeContext.event("{}"), context);
                    }
                    return null;
                }));
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
        }
        JsonNode details = shelf.details("x.wasm").orElseThrow();
        assertThat(details.path("calls").path("total").asInt()).isEqualTo(2_400);
        assertThat(details.path("calls").path("trapped").asInt()).isZero();
        assertThat(details.path("instances").asInt()).isBetween(1, RunningEngine.LIMITS.concurrency());
    }

    @Test
    void what_a_guest_keeps_in_memory_is_not_there_for_another_profile() throws Exception {
        deploy(action("1.0.0", "")
                .handler(
                        constant(64),
                        bytes(0x28, 0x02, 0x00, 0x04, 0x40), // was somebody here before?
                        constant(1),
                        bytes(0x0f, 0x0b), // (return)
                        constant(64),
                        constant(1),
                        bytes(0x36, 0x02, 0x00),
                        constant(0)));
        for (String profile : List.of("acme", "other", "third", "fourth", "fifth", "sixth")) {
            FakeContext context = new FakeContext("{}");
            context.profile = profile;
            perform(FakeContext.event("{}"), context);
            assertThatThrownBy(() -> perform(FakeContext.event("{}"), context)).hasMessageContaining("code 1");
        }
    }

    @Test
    void trying_out_tells_all_and_does_nothing() throws Exception {
        String event = "{\"type\":\"a\",\"key\":\"k\",\"data\":1}";
        deploy(action("1.0.0", "\"samples\":[{\"event\":{\"a\":1}},{\"event\":{\"a\":2}}]")
                .importing(HostFunction.EMIT_EVENT, HostFunction.LOG_MESSAGE, HostFunction.OUTPUT_WRITE)
                .data(0, event)
                .handler(call(0, 0, event.length()), drop(), call(1, 2, 2, 4), drop(), call(2, 0, event.length())));
        ObjectNode none = EventFormat.json().createObjectNode();

        List<JsonNode> answers = shelf.tryOut("x.wasm", new Trial(null, null, none));

        assertThat(answers).hasSize(2);
        JsonNode answer = answers.getFirst();
        assertThat(answer.path("type").asText()).isEqualTo("demo.x");
        assertThat(answer.path("result").asText()).isEqualTo("done");
        assertThat(answer.path("output").path("type").asText()).isEqualTo("a");
        assertThat(answer.path("emitted").get(0).path("partitionkey").asText()).isEqualTo("k");
        assertThat(answer.path("log").get(0).asText()).isEqualTo("INFO type");
        assertThat(answer.path("hostCalls").asInt()).isEqualTo(3);
        assertThat(shelf.tryOut("x.wasm", new Trial("demo.x", none, none))).hasSize(1);
        assertThatThrownBy(() -> shelf.tryOut("x.wasm", new Trial("demo.y", none, none)))
                .isInstanceOf(HelixException.class)
                .hasMessageContaining("demo.y");
        assertThatThrownBy(() -> shelf.tryOut("y.wasm", new Trial(null, none, none)))
                .hasMessageContaining("not in service");
        assertThat(shelf.details("x.wasm")
                        .orElseThrow()
                        .path("calls")
                        .path("total")
                        .asInt())
                .isZero();
    }

    @Test
    void trying_out_what_loops_or_traps_tells_so() throws Exception {
        ObjectNode none = EventFormat.json().createObjectNode();
        deploy(action("1.0.0", "").handler(LOOP));
        assertThat(shelf.tryOut("x.wasm", new Trial(null, none, none))
                        .getFirst()
                        .path("result")
                        .asText())
                .contains("ran over its deadline");
        deploy(action("1.0.1", "").handler(bytes(0x00)));
        assertThat(shelf.tryOut("x.wasm", new Trial(null, none, none))
                        .getFirst()
                        .path("result")
                        .asText())
                .contains("trapped");
        assertThatThrownBy(() -> shelf.tryOut("x.wasm", new Trial(null, null, none)))
                .hasMessageContaining("brings no samples");
    }
}
