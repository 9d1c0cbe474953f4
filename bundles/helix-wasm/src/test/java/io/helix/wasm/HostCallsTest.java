package io.helix.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.HttpCaller;
import io.helix.wasm.Manifest.Capabilities;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.msgpack.jackson.dataformat.MessagePackFactory;

class HostCallsTest {
    private static final int IN = 0;
    private static final int OUT = 1_000;

    private static final Capabilities ALL = new Capabilities(List.of("*.example.com"), true, List.of("git-*"), null);

    private final byte[] memory = new byte[2_000];
    private final GuestMemory guest = new ArrayMemory(memory);
    private final FakeContext context = new FakeContext("{\"limit\":7,\"name\":\"é\"}");
    private HostCalls calls = with(ALL);

    private record ArrayMemory(byte[] bytes) implements GuestMemory {
        @Override
        public boolean contains(long end) {
            return end <= bytes.length;
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
        return with(capabilities, RunningEngine.LIMITS);
    }

    private HostCalls with(Capabilities capabilities, Limits limits) {
        return new HostCalls(
                "the input".getBytes(StandardCharsets.UTF_8),
                context,
                new Terms("mine", limits, capabilities, Encoding.JSON));
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
        assertThat(call(HostFunction.KV_SET, IN, put("k"), IN, 1, 60)).isZero();
        calls.keep();
        context.time.advance(Duration.ofSeconds(59));
        assertThat(call(HostFunction.KV_GET, IN, put("k"), OUT, 100)).isEqualTo(1);
        context.time.advance(Duration.ofSeconds(1));
        assertThat(call(HostFunction.KV_GET, IN, put("k"), OUT, 100)).isEqualTo(-1);
    }

    @Test
    void keys_are_listed_by_prefix_without_those_of_other_plugins() {
        context.stored.put("other/seen", "t:secret");
        context.stored.put("minecraft", "t:secret");
        for (String key : List.of("b1", "a2", "a1")) {
            assertThat(call(HostFunction.KV_SET, IN, put(key), IN, 1, 0)).isZero();
        }
        assertThat(out(call(HostFunction.KV_LIST, IN, 0, OUT, 100))).isEqualTo("[\"a1\",\"a2\",\"b1\"]");
        assertThat(out(call(HostFunction.KV_LIST, IN, put("a"), OUT, 100))).isEqualTo("[\"a1\",\"a2\"]");
        assertThat(out(call(HostFunction.KV_LIST, IN, put("../other"), OUT, 100)))
                .isEqualTo("[]");
    }

    @Test
    void what_a_call_writes_is_stored_only_when_it_is_kept() {
        context.stored.put("mine/old", "t:1");
        call(HostFunction.KV_SET, IN, put("new"), IN, 1, 0);
        call(HostFunction.KV_DELETE, IN, put("old"));
        assertThat(out(call(HostFunction.KV_LIST, IN, 0, OUT, 100))).isEqualTo("[\"new\"]");
        assertThat(call(HostFunction.KV_GET, IN, put("old"), OUT, 100)).isEqualTo(-1);
        assertThat(context.stored.asMap()).containsExactly(Map.entry("mine/old", "t:1"));

        calls.keep();

        assertThat(context.stored.asMap()).containsExactly(Map.entry("mine/new", "t:n"));
    }

    @Test
    void a_value_for_which_there_is_no_room_is_over_the_limit_and_leaves_the_others() {
        for (int i = 0; i < 10_000; i++) {
            context.stored.put("mine/" + i, "t:");
        }
        assertThat(call(HostFunction.KV_SET, IN, put("new"), IN, 1, 0)).isEqualTo(-4);
        assertThat(pending()).contains("10000 keys");
        assertThat(calls.counts().limited()).containsExactly(Map.entry(Bound.KEPT_VALUES, 1));
        assertThat(call(HostFunction.KV_SET, IN, put("7"), IN, 1, 0)).isZero();
        assertThat(call(HostFunction.KV_DELETE, IN, put("8"))).isEqualTo(1);
        assertThat(call(HostFunction.KV_SET, IN, put("new"), IN, 1, 0)).isZero();

        calls.keep();

        assertThat(context.stored.asMap())
                .hasSize(10_000)
                .containsEntry("mine/7", "t:7")
                .containsEntry("mine/new", "t:n");
    }

    @Test
    void values_that_are_too_long_are_over_the_limit() {
        ArrayMemory large = new ArrayMemory(new byte[65_537 + 1]);
        assertThat(calls.call(HostFunction.KV_SET, new int[] {0, 1, 1, 65_537, 0}, large))
                .isEqualTo(-4);
    }

    @Test
    void a_credential_that_the_manifest_names_is_given_for_its_purpose() {
        context.credentials.put("git-hub", "s3cret");
        String request = "{\"name\":\"git-hub\",\"purpose\":\"sign\"}";

        assertThat(out(service("credential", request))).isEqualTo("s3cret");
        assertThat(context.credentials.reads()).containsExactly("git-hub for sign");
    }

    @Test
    void other_credentials_are_denied_before_they_are_read() {
        context.credentials.put("smtp", "s3cret");

        assertThat(service("credential", "{\"name\":\"smtp\"}")).isEqualTo(-2);
        assertThat(pending()).contains("capability credentials of 'smtp'");
        assertThat(context.credentials.reads()).isEmpty();
    }

    private int service(String name, String request) {
        int length = put(name + request);
        return call(HostFunction.CALL, IN, name.length(), IN + name.length(), length - name.length(), OUT, 500);
    }

    @Test
    void a_request_gets_its_credential_on_this_side() throws Exception {
        context.credentials.put("git-hub", "s3cret\n");
        List<HttpCaller.Request> sent = new ArrayList<>();
        context.http = request -> {
            sent.add(request);
            return new HttpCaller.Response(200, Map.of(), "ok".getBytes(StandardCharsets.UTF_8));
        };
        String request = "{\"url\":\"https://api.example.com/\",\"credential\":{\"name\":\"git-hub\"},"
                + "\"headers\":{\"authorization\":\"mine\"}}";

        int length = call(HostFunction.HTTP_REQUEST, IN, put(request), OUT, 500);

        assertThat(out(length)).isEqualTo("{\"status\":200,\"headers\":{},\"body\":\"ok\"}");
        assertThat(sent)
                .singleElement()
                .satisfies(
                        one -> assertThat(one.headers()).containsExactly(Map.entry("Authorization", "Bearer s3cret")));
    }

    @Test
    void a_refused_request_does_not_read_the_credential() {
        context.credentials.put("git-hub", "s3cret");
        String request = "{\"url\":\"https://evil.com/\",\"credential\":{\"name\":\"git-hub\"}}";

        assertThat(call(HostFunction.HTTP_REQUEST, IN, put(request), OUT, 500)).isEqualTo(-2);
        assertThat(context.credentials.reads()).isEmpty();
    }

    @Test
    void event_types_that_the_manifest_does_not_name_are_denied() {
        calls = with(new Capabilities(List.of(), false, List.of(), List.of("weather.*", "exact")));

        assertThat(call(HostFunction.EMIT_EVENT, IN, put("{\"type\":\"weather.rain\",\"data\":1}")))
                .isZero();
        assertThat(call(HostFunction.EMIT_EVENT, IN, put("{\"type\":\"exact\",\"data\":1}")))
                .isZero();
        assertThat(call(HostFunction.EMIT_EVENT, IN, put("{\"type\":\"exactly\",\"data\":1}")))
                .isEqualTo(-2);
        assertThat(calls.counts().denied()).isEqualTo(1);
    }

    @Test
    void what_no_policy_lets_it_publish_is_denied_when_it_is_emitted() {
        context.forbidden.add("demo.secret");
        assertThat(emit("{\"type\":\"demo.secret\"}")).isEqualTo(-2);
        assertThat(pending()).contains("policy forbids");
        assertThat(emit("{\"type\":\"demo.open\"}")).isZero();

        assertThat(calls.events()).extracting(draft -> draft.type()).containsExactly("demo.open");
        assertThat(calls.counts().denied()).isEqualTo(1);
        assertThat(context.refusals).isEmpty(); // who asks the policies records what they say
    }

    private int emit(String event) {
        return call(HostFunction.EMIT_EVENT, IN, put(event));
    }

    @Test
    void what_the_manifest_does_not_ask_for_is_recorded_once() {
        calls = with(new Capabilities(List.of("a.example.com"), false, List.of("git-hub"), List.of("demo.open")));
        for (int i = 0; i < 3; i++) {
            emit("{\"type\":\"demo.secret\"}");
            call(HostFunction.HTTP_REQUEST, IN, put("{\"url\":\"https://b.example.com/\"}"), OUT, 100);
            call(HostFunction.KV_GET, IN, put("k"), OUT, 100);
            service("credential", "{\"name\":\"smtp\"}");
        }
        assertThat(context.refusals)
                .containsExactly(
                        "publishEvent EventType::demo.secret",
                        "callHttp HttpHost::b.example.com",
                        "keepState StateKey::under-test",
                        "readCredential Credential::smtp");
        assertThat(calls.counts().denied()).isEqualTo(12);
    }

    @Test
    void who_is_denied_over_and_over_is_stopped() {
        calls = with(new Capabilities(List.of(), false, List.of(), null));
        for (int i = 0; i < HostCalls.MAX_DENIED; i++) {
            assertThat(call(HostFunction.KV_GET, IN, put("k"), OUT, 100)).isEqualTo(-2);
        }
        assertThatThrownBy(() -> call(HostFunction.KV_GET, IN, put("k"), OUT, 100))
                .isInstanceOf(GuestTrap.class)
                .hasMessageContaining("was denied something more than 100 times");
    }

    @Test
    void an_event_may_bring_its_id_and_time() {
        String event = "{\"type\":\"a\",\"id\":\"item-7\",\"time\":\"2026-05-06T07:08:09Z\",\"data\":1}";
        assertThat(call(HostFunction.EMIT_EVENT, IN, put(event))).isZero();

        assertThat(calls.events()).singleElement().satisfies(draft -> {
            assertThat(draft.id()).isEqualTo("item-7");
            assertThat(draft.time()).isEqualTo("2026-05-06T07:08:09Z");
        });
        assertThat(call(HostFunction.EMIT_EVENT, IN, put("{\"type\":\"a\",\"time\":\"today\",\"data\":1}")))
                .isEqualTo(-3);
    }

    @Test
    void the_limits_of_the_plugin_hold_for_each_call() {
        calls = with(ALL, new Limits(Duration.ofSeconds(1), 6, 9, 30, 5, 2, 1, 1));

        assertThat(call(HostFunction.OUTPUT_WRITE, IN, 6)).isEqualTo(-4);
        assertThat(call(HostFunction.OUTPUT_WRITE, IN, 5)).isZero();
        assertThat(call(HostFunction.EMIT_EVENT, IN, put("{\"type\":\"a\",\"data\":1}")))
                .isZero();
        assertThat(call(HostFunction.EMIT_EVENT, IN, put("{\"type\":\"a\",\"data\":1}")))
                .isEqualTo(-4);
        assertThat(pending()).contains("at most 30 bytes together");
        call(HostFunction.NOW, OUT);
        assertThatThrownBy(() -> call(HostFunction.NOW, OUT))
                .isInstanceOf(GuestTrap.class)
                .hasMessageContaining("more than 6 host calls");
        assertThat(calls.counts().limited())
                .containsOnly(Map.entry(Bound.OUTPUT_BYTES, 1), Map.entry(Bound.EVENT_BYTES, 1));
    }

    @Test
    void msgpack_plugins_read_and_write_the_same_documents() throws Exception {
        ObjectMapper messagePack = new ObjectMapper(new MessagePackFactory());
        calls = new HostCalls(new byte[0], context, new Terms("mine", RunningEngine.LIMITS, ALL, Encoding.MSGPACK));
        int length = call(HostFunction.GET_CONFIG_VALUE, IN, 0, OUT, 100);
        assertThat(messagePack.readTree(Arrays.copyOfRange(memory, OUT, OUT + length)))
                .isEqualTo(context.config());

        byte[] event = messagePack.writeValueAsBytes(Map.of("type", "a", "data", Map.of("n", 7)));
        System.arraycopy(event, 0, memory, IN, event.length);
        assertThat(call(HostFunction.EMIT_EVENT, IN, event.length)).isZero();
        assertThat(calls.events().getFirst().data().path("n").asInt()).isEqualTo(7);

        ArrayMemory nested = new ArrayMemory(new byte[1_000_000]);
        Arrays.fill(nested.bytes(), (byte) 0x91); // a list in a list in a list
        assertThat(calls.call(HostFunction.EMIT_EVENT, new int[] {0, 1_000_000}, nested))
                .isEqualTo(-3);
        memory[IN] = (byte) 0xc1; // the one byte that MessagePack never uses
        assertThat(call(HostFunction.EMIT_EVENT, IN, 1)).isEqualTo(-3);
    }

    @Test
    void deleting_tells_whether_the_value_existed() {
        call(HostFunction.KV_SET, IN, put("k"), IN, 1, 60);

        assertThat(call(HostFunction.KV_DELETE, IN, 1)).isEqualTo(1);
        assertThat(call(HostFunction.KV_DELETE, IN, 1)).isZero();
    }

    @Test
    void values_are_denied_to_a_plugin_that_did_not_ask_for_them() {
        calls = with(Capabilities.NONE);

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
    void http_that_fails_has_the_code_of_its_cause() {
        assertThat(answers(AgentException.retryable("no answer"))).isEqualTo(-5);
        assertThat(answers(AgentException.permanent("a policy forbids it"))).isEqualTo(-2);
        assertThat(answers(AgentException.permanent("long", new HttpCaller.AnswerTooLong("long"))))
                .isEqualTo(-4);
        assertThat(answers(AgentException.permanent("no header", new IllegalArgumentException("no header"))))
                .isEqualTo(-3);
    }

    private int answers(AgentException failure) {
        context.http = request -> {
            throw failure;
        };
        return call(HostFunction.HTTP_REQUEST, IN, put("{\"url\":\"https://api.example.com/\"}"), OUT, 500);
    }

    @Test
    void a_wildcard_host_does_not_match_a_name_that_only_ends_alike() {
        Capabilities capabilities = ALL;

        assertThat(capabilities.mayCall("api.example.com")).isTrue();
        assertThat(capabilities.mayCall("badexample.com")).isFalse();
        assertThat(capabilities.mayCall("m")).isFalse();
    }

    @Test
    void an_unsupported_extension_says_so() {
        assertThat(call(HostFunction.CALL, IN, 0, IN, 0, OUT, 0)).isEqualTo(-7);
        assertThat(pending()).contains("no service ''");
    }

    @Test
    void what_is_too_long_is_refused_without_being_copied() {
        ArrayMemory large = new ArrayMemory(new byte[8 * 1024 * 1024]);
        int[] all = {0, large.bytes().length};
        for (int i = 0; i < 100; i++) {
            assertThat(calls.call(HostFunction.OUTPUT_WRITE, all, large)).isEqualTo(-4);
            assertThat(calls.call(HostFunction.EMIT_EVENT, all, large)).isEqualTo(-4);
        }
    }

    @Test
    void more_bytes_than_one_call_may_move_trap() {
        ArrayMemory large = new ArrayMemory(new byte[8 * 1024 * 1024]);
        int[] all = {0, 0, large.bytes().length};
        for (int i = 0; i < 8; i++) {
            calls.call(HostFunction.LOG_MESSAGE, all, large);
        }
        assertThatThrownBy(() -> calls.call(HostFunction.LOG_MESSAGE, all, large))
                .isInstanceOf(GuestTrap.class)
                .hasMessageContaining("moved more than");
    }

    @Test
    void what_is_printed_goes_to_the_log_by_lines() {
        ByteBuffer vectors = ByteBuffer.wrap(memory, 800, 16).order(ByteOrder.LITTLE_ENDIAN);
        vectors.putInt(IN).putInt(put("one\ntwo"));
        assertThat(wasi(WasiFunction.FD_WRITE, 1, 800, 1, 900)).isZero();
        assertThat(context.log.lines()).containsExactly("INFO one");
        calls.finish();
        assertThat(context.log.lines()).containsExactly("INFO one", "INFO two");
        assertThat(wasi(WasiFunction.FD_WRITE, 7, 800, 1, 900)).isEqualTo(8);
    }

    @Test
    void printed_lines_that_are_dropped_are_counted() {
        calls = with(ALL, new Limits(Duration.ofSeconds(1), 6, 9, 30, 5, 2, 1, 1));
        ByteBuffer vectors = ByteBuffer.wrap(memory, 800, 16).order(ByteOrder.LITTLE_ENDIAN);
        vectors.putInt(IN).putInt(put("1\n2\n"));
        for (int i = 0; i < 2; i++) {
            assertThat(wasi(WasiFunction.FD_WRITE, 1, 800, 1, 900)).isZero();
        }
        assertThat(context.log.lines()).containsExactly("INFO 1", "INFO 2");
        assertThat(calls.counts().limited()).containsOnlyKeys(Bound.LOG_LINES);
    }

    @Test
    void wasi_has_a_clock_random_numbers_and_nothing_else() {
        assertThat(wasi(WasiFunction.CLOCK_TIME_GET, 0, 1, OUT)).isZero();
        assertThat(ByteBuffer.wrap(memory, OUT, 8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong())
                .isEqualTo(FakeContext.NOW.toEpochMilli() * 1_000_000);
        assertThat(wasi(WasiFunction.RANDOM_GET, OUT, 16)).isZero();
        assertThat(wasi(WasiFunction.ARGS_SIZES_GET, OUT, OUT + 4)).isZero();
        assertThat(ByteBuffer.wrap(memory, OUT, 8).getLong()).isZero();
        assertThat(wasi(WasiFunction.PATH_OPEN, 3, 0, 0, 0, 0, 0, 0, 0, 0)).isEqualTo(8);
        assertThat(wasi(WasiFunction.FD_PRESTAT_GET, 3, OUT)).isEqualTo(8);
        assertThat(wasi(WasiFunction.SOCK_SEND, 3, 0, 0, 0, 0)).isEqualTo(52);
        assertThatThrownBy(() -> wasi(WasiFunction.PROC_EXIT, 3))
                .isInstanceOf(GuestTrap.class)
                .hasMessageContaining("proc_exit(3)");
    }

    private int wasi(WasiFunction function, long... arguments) {
        return calls.call(function, arguments, guest);
    }
}
