package io.helix.wasm;

import static io.helix.wasm.FakeContext.event;
import static io.helix.wasm.RunningEngine.transformer;
import static io.helix.wasm.WasmBuilder.bytes;
import static io.helix.wasm.WasmBuilder.call;
import static io.helix.wasm.WasmBuilder.constant;
import static io.helix.wasm.WasmBuilder.drop;
import static io.helix.wasm.WasmBuilder.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.Transformer;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SandboxTest {
    private static final byte[] LOOP = bytes(0x03, 0x40, 0x0c, 0x00, 0x0b, 0x00); // (loop (br 0)) (unreachable)
    private static final String EVENT = "{\"type\":\"demo.done\",\"data\":{\"ok\":true}}";

    private final FakeContext context = new FakeContext("{\"limit\":7}");

    private AgentException failure(WasmBuilder module) {
        return failure(transformer(module));
    }

    private AgentException failure(Transformer<ObjectNode> agent) {
        return catchThrowableOfType(AgentException.class, () -> agent.transform(event("{}"), context));
    }

    private static WasmBuilder emitting() {
        return WasmBuilder.transformer().importing(HostFunction.EMIT_EVENT).data(0, EVENT);
    }

    @Test
    void an_emitted_event_reaches_the_context() throws Exception {
        transformer(emitting().handler(call(0, 0, EVENT.length()))).transform(event("{}"), context);

        assertThat(context.emitted).singleElement().satisfies(draft -> {
            assertThat(draft.type()).isEqualTo("demo.done");
            assertThat(draft.data().path("ok").booleanValue()).isTrue();
        });
    }

    @Test
    void nothing_is_emitted_by_a_call_that_fails_afterwards() {
        failure(emitting().handler(call(0, 0, EVENT.length()), drop(), bytes(0x00)));

        assertThat(context.emitted).isEmpty();
    }

    @Test
    void a_result_of_1_is_a_permanent_failure_with_the_output_as_its_reason() {
        AgentException failure = failure(WasmBuilder.transformer()
                .importing(HostFunction.OUTPUT_WRITE)
                .data(0, "no such label")
                .handler(call(0, 0, 13), drop(), constant(1)));

        assertThat(failure).hasMessageContaining("no such label");
        assertThat(failure.isRetryable()).isFalse();
    }

    @Test
    void a_result_of_2_can_be_retried() {
        assertThat(failure(WasmBuilder.transformer().handler(constant(2))).isRetryable())
                .isTrue();
    }

    @Test
    void a_trap_is_a_permanent_failure_and_the_next_call_gets_a_fresh_instance() {
        Transformer<ObjectNode> agent = transformer(WasmBuilder.transformer().handler(bytes(0x00)));

        assertThat(failure(agent)).hasMessageContaining("trapped");
        assertThat(failure(agent)).hasMessageContaining("trapped");
    }

    @Test
    void endless_recursion_is_a_permanent_failure() {
        assertThat(failure(WasmBuilder.transformer().handler(call(0, 1)))).hasMessageContaining("plugin test.wasm");
    }

    @Test
    void an_infinite_loop_is_stopped_while_its_neighbour_works() throws Exception {
        Transformer<ObjectNode> endless = transformer(WasmBuilder.transformer().handler(LOOP));
        Transformer<ObjectNode> neighbour = transformer(emitting().handler(call(0, 0, EVENT.length())));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<AgentException> loop = () -> failure(endless);
            Future<AgentException> killed = threads.submit(loop);
            int worked = 0;
            do {
                neighbour.transform(event("{}"), context);
                worked++;
            } while (!killed.isDone());
            assertThat(killed.get()).hasMessageContaining("ran over its deadline of 1000 ms");
            assertThat(worked).isPositive();
        }
    }

    @Test
    void ten_loops_are_all_stopped_and_leave_the_thread_uninterrupted() {
        Transformer<ObjectNode> endless = transformer(WasmBuilder.transformer()
                .manifest(
                        "{\"abi\":1,\"name\":\"t\",\"version\":\"1.0.0\",\"type\":\"demo.t\",\"limits\":{\"timeoutMs\":20}}")
                .handler(LOOP));
        for (int i = 0; i < 10; i++) {
            assertThat(failure(endless)).hasMessageContaining("deadline of 20 ms");
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    @Test
    void an_endless_start_up_is_stopped_too() {
        assertThat(failure(WasmBuilder.transformer()
                        .function("_initialize", 0, 0, LOOP)
                        .handler(constant(0))))
                .hasMessageContaining("deadline");
    }

    @Test
    void a_call_that_waits_for_an_answer_is_stopped_too() {
        String request = "{\"url\":\"https://slow.example.com/\"}";
        CountDownLatch never = new CountDownLatch(1);
        context.http = call -> {
            try {
                throw AgentException.permanent("answered: " + never.await(10, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw AgentException.retryable("interrupted", e);
            }
        };
        Transformer<ObjectNode> waiting = transformer(WasmBuilder.transformer()
                .manifest("{\"abi\":1,\"name\":\"t\",\"version\":\"1.0.0\",\"type\":\"demo.t\","
                        + "\"capabilities\":{\"http\":[\"slow.example.com\"]}}")
                .importing(HostFunction.HTTP_REQUEST)
                .data(0, request)
                .handler(call(0, 0, request.length(), 1000, 100)));
        long began = System.nanoTime();

        assertThat(failure(waiting)).hasMessageContaining("deadline");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void memory_cannot_grow_over_the_cap() {
        // memory.grow(16) on a memory of 1 page, capped at 16: -1, and 1 - (-1) = 2
        assertThat(failure(WasmBuilder.transformer().handler(constant(1), constant(16), bytes(0x40, 0x00, 0x6b)))
                        .isRetryable())
                .isTrue();
    }

    @Test
    void a_table_cannot_grow_over_the_cap() {
        // table.grow(null, 65,536) on a table of 1: -1, and 1 - (-1) = 2
        assertThat(failure(WasmBuilder.transformer()
                                .table(0, 1)
                                .handler(
                                        constant(1),
                                        bytes(0xd0, 0x70),
                                        constant(65_536),
                                        bytes(0xfc, 0x0f, 0x00, 0x6b)))
                        .isRetryable())
                .isTrue();
    }

    @Test
    void a_pointer_outside_of_memory_traps() {
        assertThat(failure(emitting().handler(call(0, -8, 16)))).hasMessageContaining("pointer outside of its memory");
        assertThat(failure(emitting().handler(call(0, 0, -1)))).hasMessageContaining("pointer outside of its memory");
        assertThat(failure(emitting().handler(call(0, 65_530, 7)))).hasMessageContaining("pointer outside");
    }

    @Test
    void endless_host_calls_are_stopped() {
        byte[] endless = join(bytes(0x03, 0x40), call(0, 64), drop(), bytes(0x0c, 0x00, 0x0b, 0x00));

        assertThat(failure(WasmBuilder.transformer()
                        .manifest(
                                "{\"abi\":1,\"name\":\"t\",\"version\":\"1.0.0\",\"type\":\"demo.t\",\"limits\":{\"timeoutMs\":10000}}")
                        .importing(HostFunction.NOW)
                        .handler(endless)))
                .hasMessageContaining("more than 10000 host calls");
    }

    @Test
    void http_that_the_manifest_does_not_ask_for_is_denied() {
        String request = "{\"url\":\"http://169.254.169.254/\"}";
        // 0 - (-2 DENIED) = 2
        assertThat(failure(WasmBuilder.transformer()
                                .importing(HostFunction.HTTP_REQUEST)
                                .data(0, request)
                                .handler(constant(0), call(0, 0, request.length(), 100, 100), bytes(0x6b)))
                        .isRetryable())
                .isTrue();
    }

    @Test
    void two_handlers_are_two_types() throws Exception {
        LoadedPlugin plugin = RunningEngine.load(
                "two.wasm",
                new WasmBuilder()
                        .manifest("{\"abi\":1,\"name\":\"two\",\"version\":\"2.1.0\",\"handlers\":["
                                + "{\"type\":\"demo.good\",\"export\":\"good\"},"
                                + "{\"type\":\"demo.bad\",\"kind\":\"action\",\"export\":\"bad\"}]}")
                        .function("good", 1, 1, constant(0))
                        .function("bad", 1, 1, constant(1))
                        .build());

        assertThat(plugin.typeNames()).containsExactly("demo.good@2.1.0", "demo.bad@2.1.0");
        transformer(plugin.types().get(0)).transform(event("{}"), context);
        WasmAction bad = (WasmAction) plugin.types().get(1).create();
        assertThatThrownBy(() -> bad.perform(event("{}"), context)).isInstanceOf(AgentException.class);
    }
}
