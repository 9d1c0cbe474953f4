package io.helix.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.wasm.Manifest.Capabilities;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HostCallsTest {
    private static final int IN = 0;
    private static final int OUT = 1_000;

    private final byte[] memory = new byte[2_000];
    private final GuestMemory guest = new ArrayMemory(memory);
    private final FakeContext context = new FakeContext("{\"limit\":7,\"name\":\"é\"}");
    private HostCalls calls = with(new Capabilities(List.of("*.example.com"), true));

    private record ArrayMemory(byte[] bytes) implements GuestMemory {
        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public void read(long offset, byte[] into) {
            System.arraycopy(bytes, (int) offset, into, 0, into.length);
        }

        @Override
        public void write(long offset, byte[] from) {
            System.arraycopy(from, 0, bytes, (int) offset, from.length);
        }
    }

    private HostCalls with(Capabilities capabilities) {
        return new HostCalls("the input".getBytes(StandardCharsets.UTF_8), context, capabilities);
    }

    @BeforeEach
    void fillMemory() {
        Arrays.fill(memory, (byte) '#');
    }

    private int put(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, memory, IN, bytes.length);
        return bytes.length;
    }

    private String out(int length) {
        return new String(memory, OUT, length, StandardCharsets.UTF_8);
    }

    private int call(HostFunction function, int... arguments) {
        return calls.call(function, arguments, guest);
    }

    private String pending() {
        return out(call(HostFunction.RESULT_READ, OUT, 500));
    }

    @Test
    void input_that_fits_is_there_at_once() {
        assertThat(call(HostFunction.INPUT_READ, OUT, 9)).isEqualTo(9);
        assertThat(out(10)).isEqualTo("the input#");
    }

    @Test
    void a_result_that_does_not_fit_writes_nothing_and_can_be_fetched() {
        assertThat(call(HostFunction.INPUT_READ, OUT, 8)).isEqualTo(9);
        assertThat(out(1)).isEqualTo("#");
        assertThat(pending()).isEqualTo("the input");
    }

    @Test
    void a_pending_result_ends_with_the_next_host_call() {
        call(HostFunction.INPUT_READ, OUT, 0);
        call(HostFunction.NOW, OUT);

        assertThat(call(HostFunction.RESULT_READ, OUT, 500)).isZero();
    }

    @Test
    void a_configuration_value_is_json_and_the_empty_key_is_all_of_it() {
        assertThat(out(call(HostFunction.GET_CONFIG_VALUE, IN, put("name"), OUT, 100)))
                .isEqualTo("\"é\"");
        assertThat(out(call(HostFunction.GET_CONFIG_VALUE, IN, 0, OUT, 100))).isEqualTo("{\"limit\":7,\"name\":\"é\"}");
    }

    @Test
    void a_missing_configuration_value_is_not_found_with_a_reason() {
        assertThat(call(HostFunction.GET_CONFIG_VALUE, IN, put("nmae"), OUT, 100))
                .isEqualTo(-1);
        assertThat(pending()).isEqualTo("the configuration has no 'nmae'");
    }

    @Test
    void text_that_is_not_utf_8_is_invalid() {
        memory[IN] = (byte) 0xff;

        assertThat(call(HostFunction.GET_CONFIG_VALUE, IN, 1, OUT, 100)).isEqualTo(-3);
    }

    @Test
    void an_event_that_is_not_valid_is_invalid_and_says_why() {
        assertThat(call(HostFunction.EMIT_EVENT, IN, put("{\"type\":\"a b\",\"data\":1}")))
                .isEqualTo(-3);
        assertThat(pending()).contains("event type 'a b' is not valid");
    }

    @Test
    void subject_and_key_become_attributes_of_the_event() {
        assertThat(call(
                        HostFunction.EMIT_EVENT,
                        IN,
                        put("{\"type\":\"a\",\"subject\":\"s\",\"key\":\"k\",\"data\":1}")))
                .isZero();

        assertThat(calls.events()).singleElement().satisfies(draft -> {
            assertThat(draft.subject()).isEqualTo("s");
            assertThat(draft.extensions()).containsEntry("partitionkey", "k");
        });
    }

    @Test
    void the_101st_event_is_over_the_limit() {
        int length = put("{\"type\":\"a\",\"data\":1}");
        for (int i = 0; i < 100; i++) {
            assertThat(call(HostFunction.EMIT_EVENT, IN, length)).isZero();
        }
        assertThat(call(HostFunction.EMIT_EVENT, IN, length)).isEqualTo(-4);
        assertThat(calls.events()).hasSize(100);
    }

    @Test
    void the_101st_log_line_is_over_the_limit() {
        for (int i = 0; i < 100; i++) {
            assertThat(call(HostFunction.LOG_MESSAGE, 0, IN, 3)).isZero();
        }
        assertThat(call(HostFunction.LOG_MESSAGE, 0, IN, 3)).isEqualTo(-4);
    }

    @Test
    void the_time_is_that_of_helix() {
        assertThat(call(HostFunction.NOW, OUT)).isZero();

        assertThat(ByteBuffer.wrap(memory, OUT, 8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong())
                .isEqualTo(FakeContext.NOW.toEpochMilli());
    }

    @Test
    void a_stored_value_is_found_again_text_or_not() {
        memory[500] = 0;
        memory[501] = (byte) 0xff;
        assertThat(call(HostFunction.KV_SET, IN, put("k"), 500, 2, 0)).isZero();
        assertThat(call(HostFunction.KV_GET, IN, 1, OUT, 100)).isEqualTo(2);
        assertThat(Arrays.copyOfRange(memory, OUT, OUT + 2)).containsExactly(0, 0xff);

        assertThat(call(HostFunction.KV_SET, IN, 1, IN, 1, 0)).isZero();
        assertThat(out(call(HostFunction.KV_GET, IN, 1, OUT, 100))).isEqualTo("k");
    }

    @Test
    void a_value_past_its_time_to_live_is_not_found() {
        context.stored.put("k", (FakeContext.NOW.toEpochMilli() - 1) + ":t:old");

        assertThat(call(HostFunction.KV_GET, IN, put("k"), OUT, 100)).isEqualTo(-1);
    }

    @Test
    void deleting_tells_whether_the_value_existed() {
        call(HostFunction.KV_SET, IN, put("k"), IN, 1, 60);

        assertThat(call(HostFunction.KV_DELETE, IN, 1)).isEqualTo(1);
        assertThat(call(HostFunction.KV_DELETE, IN, 1)).isZero();
    }

    @Test
    void values_are_denied_to_a_plugin_that_did_not_ask_for_them() {
        calls = with(new Capabilities(List.of(), false));

        assertThat(call(HostFunction.KV_GET, IN, put("k"), OUT, 100)).isEqualTo(-2);
        assertThat(pending()).contains("capability kv");
    }

    @Test
    void http_goes_to_named_hosts_only_and_then_to_the_guard() {
        assertThat(call(HostFunction.HTTP_REQUEST, IN, put("{\"url\":\"https://evil.com/\"}"), OUT, 500))
                .isEqualTo(-2);
        assertThat(pending()).contains("does not ask for capability http to evil.com");

        assertThat(call(HostFunction.HTTP_REQUEST, IN, put("{\"url\":\"https://api.example.com/\"}"), OUT, 500))
                .isEqualTo(-2);
        assertThat(pending()).contains("the egress guard refuses");
    }

    @Test
    void a_wildcard_host_does_not_match_a_name_that_only_ends_alike() {
        Capabilities capabilities = new Capabilities(List.of("*.example.com"), false);

        assertThat(capabilities.mayCall("api.example.com")).isTrue();
        assertThat(capabilities.mayCall("badexample.com")).isFalse();
        assertThat(capabilities.mayCall("m")).isFalse();
    }

    @Test
    void an_unsupported_extension_says_so() {
        assertThat(call(HostFunction.CALL, IN, 0, IN, 0, OUT, 0)).isEqualTo(-7);
    }

    @Test
    void more_bytes_than_one_call_may_move_trap() {
        ArrayMemory large = new ArrayMemory(new byte[8 * 1024 * 1024]);
        int[] all = {0, large.bytes().length};
        for (int i = 0; i < 8; i++) {
            assertThat(calls.call(HostFunction.OUTPUT_WRITE, all, large)).isEqualTo(-4);
        }
        assertThatThrownBy(() -> calls.call(HostFunction.OUTPUT_WRITE, all, large))
                .isInstanceOf(GuestTrap.class)
                .hasMessageContaining("moved more than");
    }
}
