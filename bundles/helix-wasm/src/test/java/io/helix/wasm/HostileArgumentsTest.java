package io.helix.wasm;

import static io.helix.wasm.Attack.onSign;
import static io.helix.wasm.WasmBuilder.call;
import static io.helix.wasm.WasmBuilder.constant;
import static io.helix.wasm.WasmBuilder.drop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.agent.AgentException;
import io.helix.api.agent.HttpCaller;
import io.helix.api.event.EventFormat;
import io.helix.wasm.HostRefusal.Code;
import io.helix.wasm.Manifest.Capabilities;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every function of the host with arguments that nobody in his right mind would give it. */
class HostileArgumentsTest {
    private static final Capabilities ALL = new Capabilities(List.of("*"), true, List.of("*"), null);
    private static final int SIZE = 65_536;

    /** Where a range starts and how long it is: each is beyond the memory, or wraps around. */
    private static final int[][] OUTSIDE = {
        {-1, 1},
        {-1, 0},
        {SIZE, 1},
        {SIZE - 3, 4},
        {0, -1},
        {0, Integer.MIN_VALUE},
        {0, SIZE + 1},
        {Integer.MAX_VALUE, Integer.MAX_VALUE},
        {-1, -1},
        {-16, 32},
        {1, -1},
        {Integer.MIN_VALUE, Integer.MIN_VALUE}
    };

    private final FakeContext context = new FakeContext("{}");
    private final byte[] memory = new byte[SIZE];

    private final GuestMemory guest = new GuestMemory() {
        @Override
        public boolean contains(long end) {
            return end <= memory.length;
        }

        @Override
        public void read(long offset, byte[] into) {
            System.arraycopy(memory, Math.toIntExact(offset), into, 0, into.length);
        }

        @Override
        public void write(long offset, byte[] from) {
            System.arraycopy(from, 0, memory, Math.toIntExact(offset), from.length);
        }
    };

    private HostCalls calls(Encoding encoding) {
        return new HostCalls(new byte[] {1}, context, new Terms("mine", RunningEngine.LIMITS, ALL, encoding));
    }

    /** Which parameters of a function are a pointer that is followed by its length. */
    private static List<Integer> ranges(HostFunction function) {
        return switch (function) {
            case INPUT_READ, RESULT_READ, OUTPUT_WRITE, EMIT_EVENT, KV_DELETE, RANDOM -> List.of(0);
            case GET_CONFIG_VALUE, KV_GET, KV_SET, KV_LIST, HTTP_REQUEST -> List.of(0, 2);
            case LOG_MESSAGE -> List.of(1);
            case CALL -> List.of(0, 2, 4);
            case NOW -> List.of();
        };
    }

    private static int[] harmless(HostFunction function) {
        return new int[function.type().parameters().size()];
    }

    @ParameterizedTest
    @EnumSource(HostFunction.class)
    void a_range_outside_of_memory_never_reaches_beyond_it(HostFunction function) {
        for (int range : ranges(function)) {
            for (int[] outside : OUTSIDE) {
                int[] arguments = harmless(function);
                arguments[range] = outside[0];
                arguments[range + 1] = outside[1];
                assertThatTrapsOrRefuses(function, arguments);
            }
        }
        for (int pointer : new int[] {-1, SIZE, SIZE - 7, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            if (function == HostFunction.NOW) {
                assertThatTrapsOrRefuses(function, new int[] {pointer});
            }
        }
        assertThat(memory).containsOnly(0);
    }

    /** A bound may be looked at before the range is, and what is denied before its result is given. */
    private void assertThatTrapsOrRefuses(HostFunction function, int[] arguments) {
        try {
            assertThat(calls(Encoding.JSON).call(function, arguments, guest)).isNegative();
        } catch (GuestTrap trap) {
            assertThat(trap.message()).contains("pointer outside of its memory");
        }
    }

    @ParameterizedTest
    @EnumSource(HostFunction.class)
    void a_real_guest_that_points_outside_of_its_memory_traps_or_is_refused(HostFunction function) {
        for (int argument : new int[] {-1, Integer.MIN_VALUE}) {
            int[] arguments = harmless(function);
            Arrays.fill(arguments, argument);
            Attack attack = Attack.by(WasmBuilder.transformer()
                    .importing(function)
                    .handler(onSign(call(0, arguments), drop(), constant(1))));
            AgentException failure = attack.failure();
            assertThat(failure.isRetryable()).isFalse();
            assertThat(failure).message().containsAnyOf("pointer outside of its memory", "failed with code 1");
        }
        Attack.assertNeighbourWorks();
    }

    @ParameterizedTest
    @EnumSource(WasiFunction.class)
    void no_argument_of_a_wasi_function_reaches_outside_of_memory(WasiFunction function) {
        long[] values = {
            -1, 0, 1, 2, 3, SIZE - 1, SIZE, Integer.MIN_VALUE, Integer.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE
        };
        Random random = new Random(11);
        for (int i = 0; i < 500; i++) {
            long[] arguments = random.ints(function.type().parameters().size(), 0, values.length)
                    .mapToLong(index -> values[index])
                    .toArray();
            try {
                assertThat(calls(Encoding.JSON).call(function, arguments, guest))
                        .isNotNegative();
            } catch (GuestTrap trap) {
                assertThat(trap.message()).containsAnyOf("pointer outside of its memory", "proc_exit");
            }
        }
    }

    @Test
    void vectors_that_lie_about_where_they_are_trap() {
        ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 10).putInt(4, -1);

        assertThatThrownBy(() -> calls(Encoding.JSON).call(WasiFunction.FD_WRITE, new long[] {1, 0, 1, 100}, guest))
                .isInstanceOf(GuestTrap.class);
        assertThat(calls(Encoding.JSON).call(WasiFunction.FD_WRITE, new long[] {1, 0, 0x2000_0001, 100}, guest))
                .isEqualTo(28);
    }

    private int put(String text) {
        return put(text.getBytes(StandardCharsets.UTF_8));
    }

    private int put(byte[] bytes) {
        System.arraycopy(bytes, 0, memory, 0, bytes.length);
        return bytes.length;
    }

    /** Calls with the same text in every range that is read, and no room for an answer. */
    private int callWith(HostFunction function, byte[] text) {
        int length = put(text);
        int[] arguments = harmless(function);
        for (int range : ranges(function)) {
            arguments[range + 1] = length;
        }
        return calls(Encoding.JSON).call(function, arguments, guest);
    }

    @ParameterizedTest
    @EnumSource(
            value = HostFunction.class,
            names = {
                "EMIT_EVENT",
                "GET_CONFIG_VALUE",
                "KV_GET",
                "KV_SET",
                "KV_DELETE",
                "KV_LIST",
                "HTTP_REQUEST",
                "CALL"
            })
    void text_that_is_not_utf_8_is_invalid_everywhere(HostFunction function) {
        for (byte[] text : List.of(
                new byte[] {(byte) 0xff},
                new byte[] {(byte) 0xc0, (byte) 0xaf}, // a slash in two bytes
                new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, // half of a pair
                new byte[] {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80}, // beyond Unicode
                new byte[] {'a', (byte) 0xe2, (byte) 0x82})) { // cut off
            assertThat(callWith(function, text)).isEqualTo(Code.INVALID.number());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "nul",
                "{\"type\":",
                "[]",
                "7",
                "null",
                "\"text\"",
                "{}{}",
                "{'type':'a'}",
                "{\"type\":7}",
                "{\"type\":\"a\",\"data\":NaN}",
                "{\"type\":\"a\",\"subject\":{}}",
                "{\"type\":\"a\",\"id\":\"\"}",
                "{\"type\":\"a\",\"id\":\"a\\nb\"}",
                "{\"type\":\"a\",\"time\":\"+1000000000-12-31T00:00:00Z\"}",
                "{\"type\":\"a\",\"source\":\"forged\"}",
                "{\"type\":\"helix..run\"}"
            })
    void what_is_no_event_and_no_request_is_invalid(String json) {
        assertThat(callWith(HostFunction.EMIT_EVENT, json.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Code.INVALID.number());
        assertThat(callWith(HostFunction.HTTP_REQUEST, json.getBytes(StandardCharsets.UTF_8)))
                .isNegative();
    }

    @Test
    void of_equal_keys_of_an_event_the_last_one_counts_for_the_check_and_for_the_event() {
        HostCalls calls = new HostCalls(
                new byte[0],
                context,
                new Terms(
                        "mine",
                        RunningEngine.LIMITS,
                        new Capabilities(List.of(), false, List.of(), List.of("good")),
                        Encoding.JSON));

        assertThat(calls.call(
                        HostFunction.EMIT_EVENT, new int[] {0, put("{\"type\":\"good\",\"type\":\"bad\"}")}, guest))
                .isEqualTo(Code.DENIED.number());
        assertThat(calls.call(
                        HostFunction.EMIT_EVENT, new int[] {0, put("{\"type\":\"bad\",\"type\":\"good\"}")}, guest))
                .isZero();
        assertThat(calls.events())
                .singleElement()
                .satisfies(event -> assertThat(event.type()).isEqualTo("good"));
    }

    @Test
    void keys_with_a_zero_or_too_long_are_invalid() {
        for (String key : List.of("a\0b", "k".repeat(201), "")) {
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            for (HostFunction function : List.of(HostFunction.KV_GET, HostFunction.KV_SET, HostFunction.KV_DELETE)) {
                assertThat(callWith(function, bytes)).isEqualTo(Code.INVALID.number());
            }
        }
    }

    @Test
    void a_prefix_that_no_key_can_have_finds_nothing() {
        context.stored.setAway(true); // it is not asked
        for (String prefix : List.of("a\0b", "k".repeat(60_000))) {
            int length = put(prefix);
            assertThat(calls(Encoding.JSON).call(HostFunction.KV_LIST, new int[] {0, length, 0, 0}, guest))
                    .isEqualTo("[]".length());
        }
    }

    @Test
    void a_reason_is_short_even_for_a_long_key() {
        HostCalls calls = calls(Encoding.JSON);
        calls.call(HostFunction.GET_CONFIG_VALUE, new int[] {0, put("k".repeat(60_000)), 0, 0}, guest);

        assertThat(calls.call(HostFunction.RESULT_READ, new int[] {0, 0}, guest))
                .isBetween(100, 2_100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"prefix\":\"\\u0000\"",
                "\"prefix\":\"a\\r\\nX-Forged: \"",
                "\"header\":\"a b\"",
                "\"header\":\"X:\\r\\nY\"",
                "\"header\":\"\""
            })
    void a_credential_cannot_be_read_out_of_the_reason_why_its_header_is_wrong(String how) {
        context.credentials.put("token", "s3cret");
        context.http = HostileArgumentsTest::buildOnly;

        assertThat(reason("{\"url\":\"https://a.example.com/\",\"credential\":{\"name\":\"token\"," + how + "}}"))
                .doesNotContain("s3cret")
                .contains("plain text");
        assertThat(context.credentials.reads()).isEmpty();
    }

    @Test
    void a_credential_of_several_lines_cannot_be_read_out_of_the_reason_either() {
        context.credentials.put("token", "s3cret\ns3cret");
        context.http = HostileArgumentsTest::buildOnly;

        assertThat(reason("{\"url\":\"https://a.example.com/\",\"credential\":{\"name\":\"token\"}}"))
                .doesNotContain("s3cret")
                .contains("not one line");
    }

    private String reason(String request) {
        HostCalls calls = calls(Encoding.JSON);
        int length = put(request);
        assertThat(calls.call(HostFunction.HTTP_REQUEST, new int[] {0, length, 0, 0}, guest))
                .isEqualTo(Code.INVALID.number());
        int reason = calls.call(HostFunction.RESULT_READ, new int[] {0, SIZE}, guest);
        return new String(memory, 0, reason, StandardCharsets.UTF_8);
    }

    /** Fails as the real caller does: with what the client of the JDK says. */
    private static HttpCaller.Response buildOnly(HttpCaller.Request request) throws AgentException {
        try {
            HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri());
            request.headers().forEach(builder::setHeader);
            throw AgentException.retryable("built: " + builder.build());
        } catch (IllegalArgumentException e) {
            throw AgentException.permanent("the request cannot be made: " + e.getMessage(), e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0xc6, 0xc9, 0xdb, 0xdd, 0xdf})
    void lengths_that_messagepack_claims_reserve_no_memory(int form) {
        // Binary, extension, text, list and map, of two billion.
        byte[] document = {(byte) form, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xf0, 1, 2, 3};

        assertThat(calls(Encoding.MSGPACK).call(HostFunction.EMIT_EVENT, new int[] {0, put(document)}, guest))
                .isEqualTo(Code.INVALID.number());
    }

    @Test
    void random_bytes_are_no_event_in_either_encoding() {
        Random random = new Random(23);
        AtomicInteger accepted = new AtomicInteger();
        for (int i = 0; i < 5_000; i++) {
            byte[] document = new byte[random.nextInt(1, 200)];
            random.nextBytes(document);
            for (Encoding encoding : Encoding.values()) {
                int code = calls(encoding).call(HostFunction.EMIT_EVENT, new int[] {0, put(document)}, guest);
                accepted.addAndGet(code == 0 ? 1 : 0);
                assertThat(code).isIn(0, Code.INVALID.number());
            }
        }
        assertThat(accepted).hasValue(0);
    }

    @Test
    void numbers_that_messagepack_has_no_form_for_become_doubles_at_once() {
        for (String number :
                List.of("1e999999999", "-1e999999999", "1e-999999999", "9".repeat(100), "18446744073709551616")) {
            byte[] packed = Encoding.MSGPACK.write(
                    EventFormat.parse(("{\"a\":[" + number + "]}").getBytes(StandardCharsets.UTF_8)));
            assertThat(packed).hasSize(13);
        }
        List<String> kept = new ArrayList<>();
        for (String number : List.of("0", "-9223372036854775808", "9223372036854775807", "1.5")) {
            byte[] json = ("[" + number + "]").getBytes(StandardCharsets.UTF_8);
            kept.add(Encoding.MSGPACK
                    .read(Encoding.MSGPACK.write(EventFormat.parse(json)))
                    .get(0)
                    .asText());
        }
        assertThat(kept).containsExactly("0", "-9223372036854775808", "9223372036854775807", "1.5");
    }
}
