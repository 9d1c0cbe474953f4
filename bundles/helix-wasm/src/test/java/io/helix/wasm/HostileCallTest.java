package io.helix.wasm;

import static io.helix.wasm.Attack.LOOP;
import static io.helix.wasm.Attack.TRAP;
import static io.helix.wasm.Attack.onSign;
import static io.helix.wasm.WasmBuilder.bytes;
import static io.helix.wasm.WasmBuilder.call;
import static io.helix.wasm.WasmBuilder.constant;
import static io.helix.wasm.WasmBuilder.drop;
import static io.helix.wasm.WasmBuilder.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentState;
import io.helix.api.agent.HttpCaller;
import io.helix.api.agent.Transformer;
import io.helix.wasm.HostRefusal.Code;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Plugins that attack the host when they are called. Each waits for its sign, so that it can be seen to work again. */
@Timeout(60)
class HostileCallTest {
    private static final String GRANTED = "\"capabilities\":{\"kv\":true,\"http\":[\"*\"]}";

    private static WasmBuilder granted() {
        return manifest(GRANTED);
    }

    private static WasmBuilder manifest(String members) {
        return new WasmBuilder()
                .manifest("{\"abi\":1,\"name\":\"test\",\"version\":\"1.0.0\",\"type\":\"demo.test\"," + members + "}");
    }

    /** Does {@code code} for ever. */
    private static byte[] forever(byte[]... code) {
        return join(bytes(0x03, 0x40), join(code), bytes(0x0c, 0x00, 0x0b, 0x00));
    }

    /** Does {@code code}, which leaves an i32, until it is not 0; then that without its sign is there. */
    private static byte[] untilRefused(byte[]... code) {
        // (loop (local.set 0 <code>) (br_if 0 (i32.eqz (local.get 0)))) (i32.sub (i32.const 0) (local.get 0))
        return join(
                bytes(0x03, 0x40),
                join(code),
                bytes(0x21, 0x00, 0x20, 0x00, 0x45, 0x0d, 0x00, 0x0b),
                constant(0),
                bytes(0x20, 0x00, 0x6b));
    }

    private static byte[] negated(byte[] code) {
        return join(constant(0), code, bytes(0x6b));
    }

    @Test
    void an_endless_loop() {
        assertThat(Attack.by(WasmBuilder.transformer().handler(onSign(LOOP))).fails())
                .contains("ran over its deadline of 1000 ms");
    }

    @Test
    void an_endless_loop_of_host_calls_within_the_deadline() {
        assertThat(Attack.by(WasmBuilder.transformer()
                                .importing(WasiFunction.SCHED_YIELD)
                                .handler(onSign(forever(call(0), drop()))))
                        .fails())
                .containsAnyOf("host calls", "deadline");
    }

    @Test
    void a_flood_of_host_calls_in_call_after_call_has_to_rest() {
        Attack flood = Attack.by(manifest("\"limits\":{\"hostCalls\":10}")
                .importing(WasiFunction.SCHED_YIELD)
                .handler(forever(call(0), drop())));

        assertThat(flood.typicalOf(24)).isGreaterThan(Rests.LONGEST.dividedBy(2));
        assertThat(flood.failsAlways()).contains("host calls");
    }

    @Test
    void an_endless_loop_in_initialize_and_in_init() {
        assertThat(Attack.by(WasmBuilder.transformer()
                                .function("_initialize", 0, 0, LOOP)
                                .handler(constant(0)))
                        .failsAlways())
                .contains("deadline");
        assertThat(Attack.by(WasmBuilder.transformer()
                                .function("helix_init", 0, 1, LOOP)
                                .handler(constant(0)))
                        .failsAlways())
                .contains("deadline");
    }

    @Test
    void a_trap_in_initialize_and_in_init() {
        assertThat(Attack.by(WasmBuilder.transformer()
                                .function("_initialize", 0, 0, TRAP)
                                .handler(constant(0)))
                        .failsAlways())
                .contains("trapped");
        assertThat(Attack.by(WasmBuilder.transformer()
                                .function("helix_init", 0, 1, TRAP)
                                .handler(constant(0)))
                        .failsAlways())
                .contains("trapped");
    }

    @Test
    void endless_recursion() {
        assertThat(Attack.by(WasmBuilder.transformer().handler(onSign(call(0, 5_000))))
                        .fails())
                .contains("plugin test.wasm");
    }

    @Test
    void growing_memory_and_touching_all_of_it() {
        // Grows page by page and writes into each; once it cannot grow it traps.
        byte[] grow = join(
                constant(1), // pages
                bytes(0x40, 0x00, 0x22, 0x00), // (local.tee 0 (memory.grow))
                constant(-1),
                bytes(0x46, 0x04, 0x40, 0x00, 0x0b), // (if (i32.eq) (unreachable))
                bytes(0x20, 0x00),
                constant(16),
                bytes(0x74), // (i32.shl): where the new page starts
                constant(1),
                bytes(0x36, 0x02, 0x00)); // (i32.store)

        assertThat(Attack.by(WasmBuilder.transformer().handler(onSign(forever(grow))))
                        .fails())
                .contains("trapped");
    }

    @Test
    void growing_a_table_for_ever() {
        byte[] grow = join(
                bytes(0xd0, 0x70), // (ref.null func)
                constant(1_000),
                bytes(0xfc, 0x0f, 0x00), // (table.grow 0)
                constant(-1),
                bytes(0x46, 0x04, 0x40, 0x00, 0x0b));

        assertThat(Attack.by(WasmBuilder.transformer().table(0, 1).handler(onSign(forever(grow))))
                        .fails())
                .contains("trapped");
    }

    @Test
    void an_output_of_a_gigabyte() throws Exception {
        assertThat(Attack.by(WasmBuilder.transformer()
                                .importing(HostFunction.OUTPUT_WRITE)
                                .handler(onSign(call(0, 0, 1 << 30))))
                        .fails())
                .contains("pointer outside of its memory");
        Attack.by(WasmBuilder.transformer()
                        .memory(0, 16)
                        .importing(HostFunction.OUTPUT_WRITE)
                        .handler(onSign(negated(call(0, 0, 16 * 65_536)))))
                .isHarmless(); // 1 MiB is just allowed
    }

    @Test
    void a_flood_of_events() {
        String event = "{\"type\":\"a\",\"data\":1}";
        Attack attack = Attack.by(WasmBuilder.transformer()
                .importing(HostFunction.EMIT_EVENT)
                .data(0, event)
                .handler(onSign(untilRefused(call(0, 0, event.length())))));

        attack.isAnsweredWith(Code.LIMIT);
        assertThat(attack.context().emitted).isEmpty();
    }

    @Test
    void a_flood_of_log_lines() {
        Attack attack = Attack.by(WasmBuilder.transformer()
                .importing(HostFunction.LOG_MESSAGE)
                .data(0, "hello")
                .handler(onSign(untilRefused(call(0, 4, 0, 5)))));

        attack.isAnsweredWith(Code.LIMIT);
        assertThat(attack.context().log.lines()).hasSize(100);
    }

    @Test
    void a_flood_of_printed_lines() throws Exception {
        // A vector of 60,000 ends of line, 1,000 times in one call.
        ByteVectors vectors = new ByteVectors(0, 60_000, 600);
        Attack attack = Attack.by(WasmBuilder.transformer()
                .importing(WasiFunction.FD_WRITE)
                .data(0, "\n".repeat(60_000))
                .data(60_000, vectors.text())
                .handler(onSign(call(0, 1, 60_000, 600, 65_000))));

        attack.isHarmless();
        assertThat(attack.context().log.lines()).hasSize(100);
    }

    private record ByteVectors(int pointer, int length, int count) {
        /** As text of the same bytes: all below 0x80. */
        String text() {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < count; i++) {
                little(text, pointer);
                little(text, 0x6060); // 24,672 bytes
            }
            return text.toString();
        }

        private static void little(StringBuilder text, int value) {
            for (int shift = 0; shift < 32; shift += 8) {
                text.append((char) (value >> shift & 0x7f));
            }
        }
    }

    @Test
    void log_lines_that_want_to_be_two() throws Exception {
        String line = "one\n2026 ERROR forged\r\u0085two\u2028three\u009b31m\u202eback";
        int length = line.getBytes(StandardCharsets.UTF_8).length;
        Attack attack = Attack.by(WasmBuilder.transformer()
                .importing(HostFunction.LOG_MESSAGE)
                .data(0, line)
                .handler(onSign(call(0, 2, 0, length))));

        attack.isHarmless();
        assertThat(attack.context().log.lines())
                .singleElement()
                .satisfies(logged -> assertThat(logged).doesNotContainPattern("[\\p{Cc}\\p{Zl}\\p{Zp}\u202e]"));
    }

    @Test
    void a_value_that_is_over_the_quota_fails_the_call_and_nothing_of_it_counts() {
        FakeContext context = new FakeContext("{}");
        AtomicInteger puts = new AtomicInteger(50);
        context.state = new Quota(context.stored, puts);
        String event = "{\"type\":\"demo.done\",\"data\":1}";
        Transformer<ObjectNode> agent = RunningEngine.transformer(granted()
                .importing(HostFunction.KV_SET, HostFunction.EMIT_EVENT)
                .data(0, event)
                .handler(call(0, 0, 3, 0, 3, 0), drop(), call(1, 0, event.length())));

        assertThatThrownBy(() -> agent.transform(FakeContext.event("{}"), context))
                .isInstanceOf(HelixException.class)
                .hasMessageContaining("keeps as much as it may");
        assertThat(context.emitted).isEmpty();
        assertThat(context.stored.asMap()).isEmpty();
    }

    /** A state that takes fifty writes. */
    private record Quota(AgentState kept, AtomicInteger puts) implements PlainState {
        @Override
        public void change(Collection<Change> changes) {
            if (puts.addAndGet(changes.size()) > 50) {
                throw HelixException.conflict("the agent keeps as much as it may");
            }
            kept.change(changes);
        }
    }

    private interface PlainState extends AgentState {
        AgentState kept();

        @Override
        default Optional<String> get(String key) {
            return kept().get(key);
        }

        @Override
        default void change(Collection<Change> changes) {
            kept().change(changes);
        }

        @Override
        default void check(Collection<Change> changes) {
            kept().check(changes);
        }

        @Override
        default boolean putIfAbsent(String key, String value) {
            return kept().putIfAbsent(key, value);
        }

        @Override
        default List<String> keys(String prefix, int limit) {
            return kept().keys(prefix, limit);
        }
    }

    @Test
    void stored_values_for_ever() {
        assertThat(Attack.by(granted()
                                .importing(HostFunction.KV_SET)
                                .data(0, "key")
                                .handler(onSign(forever(call(0, 0, 3, 0, 3, 0), drop()))))
                        .fails())
                .containsAnyOf("more than 10000 host calls", "deadline");
    }

    @Test
    void the_metadata_address_without_and_with_the_capability() {
        String request = "{\"url\":\"http://169.254.169.254/latest/meta-data/\"}";
        byte[] code = onSign(negated(call(0, 0, request.length(), 500, 500)));

        Attack.by(WasmBuilder.transformer()
                        .importing(HostFunction.HTTP_REQUEST)
                        .data(0, request)
                        .handler(code))
                .isAnsweredWith(Code.DENIED);
        Attack.by(granted()
                        .importing(HostFunction.HTTP_REQUEST)
                        .data(0, request)
                        .handler(code))
                .isAnsweredWith(Code.DENIED);
    }

    @Test
    void the_values_of_another_plugin() {
        FakeContext context = new FakeContext("{}");
        context.stored.put("other/secret", "t:x");
        String key = "../other/secret";
        Attack.by(
                        granted()
                                .importing(HostFunction.KV_GET)
                                .data(0, key)
                                .handler(onSign(negated(call(0, 0, key.length(), 100, 100)))),
                        context)
                .isAnsweredWith(Code.NOT_FOUND);
    }

    @Test
    void a_hundred_thousand_levels_of_json() {
        String event = "{\"type\":\"a\",\"data\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        Attack.by(WasmBuilder.transformer()
                        .memory(0, 4)
                        .importing(HostFunction.EMIT_EVENT)
                        .data(0, event)
                        .handler(onSign(negated(call(0, 0, event.length())))))
                .isAnsweredWith(Code.INVALID);
    }

    @Test
    void an_exit_of_the_process() {
        FunctionType exit = WasiFunction.PROC_EXIT.type();
        assertThat(Attack.by(WasmBuilder.transformer()
                                .importing(WasiFunction.MODULE, "proc_exit", exit)
                                .handler(onSign(call(0, 0), constant(0))))
                        .fails())
                .contains("called proc_exit(0)");
        assertThat(Attack.by(WasmBuilder.transformer()
                                .importing(WasiFunction.MODULE, "proc_exit", exit)
                                .function("_initialize", 0, 0, call(0, 7))
                                .handler(constant(0)))
                        .failsAlways())
                .contains("called proc_exit(7)");
    }

    @Test
    void host_calls_from_initialize_are_allowed() throws Exception {
        Attack attack = Attack.by(WasmBuilder.transformer()
                .importing(HostFunction.LOG_MESSAGE)
                .data(0, "hello")
                .function("_initialize", 0, 0, call(0, 2, 0, 5), drop())
                .handler(constant(0)));

        attack.isHarmless();
        assertThat(attack.context().log.lines()).containsExactly("INFO hello");
    }

    @Test
    void an_init_that_refuses_with_a_megabyte_of_reasons() {
        assertThat(Attack.by(WasmBuilder.transformer()
                                .memory(0, 16)
                                .importing(HostFunction.OUTPUT_WRITE)
                                .data(0, "no\n".repeat(300_000))
                                .function("helix_init", 0, 1, call(0, 0, 900_000), drop(), constant(3))
                                .handler(constant(0)))
                        .failsAlways())
                .contains("refused to start (3): no no");
    }

    @Test
    void a_failure_with_a_megabyte_of_reasons() {
        Attack attack = Attack.by(WasmBuilder.transformer()
                .memory(0, 16)
                .importing(HostFunction.OUTPUT_WRITE)
                .data(0, "no\n".repeat(300_000))
                .handler(onSign(call(0, 0, 900_000), drop(), constant(1))));

        assertThat(attack.failure())
                .message()
                .startsWith("demo.test: no no")
                .hasSizeLessThan(2_200)
                .doesNotContainPattern("\\p{Cntrl}");
    }

    @Test
    void a_host_call_that_never_returns() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        FakeContext context = new FakeContext("{}");
        context.http = request -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new HttpCaller.Response(200, Map.of(), new byte[0]);
        };
        String request = "{\"url\":\"http://a.example.com/\"}";

        assertThat(Attack.by(
                                granted()
                                        .importing(HostFunction.HTTP_REQUEST)
                                        .data(0, request)
                                        .handler(onSign(call(0, 0, request.length(), 500, 500))),
                                context)
                        .fails())
                .contains("ran over its deadline");
    }

    @Test
    void a_trap_of_the_host_in_the_middle_of_a_host_call() {
        FakeContext context = new FakeContext("{}");
        context.http = request -> {
            throw new IllegalStateException("a defect\n" + "x".repeat(1_000_000));
        };
        String request = "{\"url\":\"http://a.example.com/\"}";

        assertThat(Attack.by(
                                granted()
                                        .importing(HostFunction.HTTP_REQUEST)
                                        .data(0, request)
                                        .handler(onSign(call(0, 0, request.length(), 500, 500))),
                                context)
                        .fails())
                .contains("a defect");
    }

    @Test
    void an_overflow_of_the_stack_in_the_middle_of_a_host_call() {
        FakeContext context = new FakeContext("{}");
        context.http = HostileCallTest::recurse;
        String request = "{\"url\":\"http://a.example.com/\"}";

        Attack.by(
                        granted()
                                .importing(HostFunction.HTTP_REQUEST)
                                .data(0, request)
                                .handler(onSign(call(0, 0, request.length(), 500, 500))),
                        context)
                .fails();
    }

    @SuppressWarnings("InfiniteRecursion") // what is tested
    private static HttpCaller.Response recurse(HttpCaller.Request request) {
        return recurse(request);
    }
}
