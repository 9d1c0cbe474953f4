package io.helix.wasm;

import static io.helix.wasm.WasmBuilder.bytes;
import static io.helix.wasm.WasmBuilder.call;
import static io.helix.wasm.WasmBuilder.constant;
import static io.helix.wasm.WasmBuilder.drop;
import static io.helix.wasm.WasmBuilder.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.HelixException;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.WebhookReceiver.Reply;
import io.helix.api.event.EventFormat;
import io.helix.sdk.testing.agent.AgentKit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WasmSourceTest {
    private static final String EVENT = "{\"type\":\"demo.seen\",\"data\":1}";

    private static WasmBuilder source(String members) {
        return new WasmBuilder()
                .manifest("{\"abi\":1,\"name\":\"src\",\"version\":\"1.0.0\",\"type\":\"demo.src\",\"kind\":\"source\","
                        + members + "}");
    }

    private static WasmBuilder waking() {
        return source("\"wake\":{\"every\":\"5m\"}");
    }

    private static WasmBuilder requested() {
        return source("\"request\":true");
    }

    private static AgentKit kit(WasmBuilder module, String config) {
        return AgentKit.of(RunningEngine.load(module).types().getFirst(), config);
    }

    private static AgentKit started(WasmBuilder module, String config) throws Exception {
        return kit(module, config).start();
    }

    /** Logs its input and emits an event. */
    private static WasmBuilder logging(WasmBuilder module) {
        return module.importing(HostFunction.INPUT_READ, HostFunction.LOG_MESSAGE, HostFunction.EMIT_EVENT)
                .data(0, EVENT)
                .handler(
                        call(0, 1_000, 10_000),
                        drop(),
                        join(constant(2), constant(1_000), bytes(0x20, 0x00), call(1)),
                        drop(),
                        call(2, 0, EVENT.length()));
    }

    private static WasmBuilder replying(WasmBuilder module, String output, int code) {
        return module.importing(HostFunction.OUTPUT_WRITE)
                .data(0, output)
                .handler(call(0, 0, output.getBytes(StandardCharsets.UTF_8).length), drop(), constant(code));
    }

    @Test
    void it_is_woken_at_its_start_and_then_as_often_as_its_manifest_says() throws Exception {
        AgentKit kit = started(logging(waking()), "{}");
        kit.advance(Duration.ZERO);
        assertThat(kit.log())
                .singleElement()
                .satisfies(line -> assertThat(line).contains("\"type\":\"helix.wake\"", "\"reason\":\"start\""));

        kit.advance(Duration.ofMinutes(10));

        assertThat(kit.log()).hasSize(3);
        assertThat(kit.log().get(2)).contains("\"reason\":\"schedule\"");
        assertThat(kit.emitted())
                .extracting(EventDraft::type)
                .containsOnly("demo.seen")
                .hasSize(3);
    }

    @Test
    void every_in_the_configuration_overrides_the_manifest() throws Exception {
        AgentKit kit = started(logging(waking()), "{\"every\":\"1h\"}");
        kit.advance(Duration.ofMinutes(59));
        assertThat(kit.log()).hasSize(1);

        kit.advance(Duration.ofMinutes(1));

        assertThat(kit.log()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"4s\"", "\"8d\"", "\"often\"", "\"\"", "7", "\"-5m\"", "{}", "\"99999999999999999d\"", "true"})
    void an_interval_that_is_none_refuses_to_start(String every) {
        AgentKit kit = kit(logging(waking()), "{\"every\":" + every + "}");

        assertThatThrownBy(kit::start).isInstanceOfAny(HelixException.class, AgentException.class);
        assertThat(kit.log()).isEmpty();
    }

    @Test
    void a_wake_up_that_fails_says_why_to_its_supervisor() throws Exception {
        AgentKit kit = started(replying(waking(), "the feed is gone", 2), "{}");

        assertThatThrownBy(() -> kit.advance(Duration.ZERO)).hasMessageContaining("the feed is gone");
    }

    @Test
    void a_source_of_requests_alone_is_never_woken() throws Exception {
        AgentKit kit = started(logging(requested()), "{}");
        kit.advance(Duration.ofDays(30));

        assertThat(kit.log()).isEmpty();
    }

    @Test
    void a_request_is_handed_over_and_accepted_when_there_is_no_reply() throws Exception {
        AgentKit kit = started(logging(requested()), "{}");

        assertThat(kit.post("{\"a\":1}", "X-Kind", "push")).isEqualTo(new Reply(202, ""));
        assertThat(kit.log().getFirst())
                .contains("\"type\":\"helix.request\"", "\"method\":\"POST\"", "\"x-kind\":[\"push\"]")
                .contains("\"body\":\"{\\\"a\\\":1}\"", "\"remoteAddress\":\"192.0.2.1\"");
    }

    @Test
    void a_body_that_is_no_text_is_handed_over_in_base_64() throws Exception {
        AgentKit kit = started(logging(requested()), "{}");
        kit.request("PUT", new byte[] {(byte) 0xff, 0});

        assertThat(kit.log().getFirst()).contains("\"body64\":\"/wA=\"");
    }

    @Test
    void the_reply_is_what_the_guest_wrote() throws Exception {
        AgentKit kit = started(replying(requested(), "{\"status\":201,\"detail\":\"made\"}", 0), "{}");

        assertThat(kit.post("{}")).isEqualTo(new Reply(201, "made"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"status\":100}", "{\"status\":600}", "{\"status\":-1}", "{\"status\":1e99}", "{", "\u0000"})
    void a_reply_that_is_none_is_a_permanent_failure(String reply) throws Exception {
        AgentKit kit = started(replying(requested(), reply, 0), "{}");

        assertThatThrownBy(() -> kit.post("{}"))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        failure -> assertThat(failure.isRetryable()).isFalse());
    }

    @Test
    void failures_answer_400_and_503_with_their_reason() throws Exception {
        AgentKit bad = started(replying(requested(), "no signature", 1), "{}");
        AgentKit busy = started(replying(requested(), "try later", 2), "{}");

        assertThat(bad.post("{}").status()).isEqualTo(400);
        assertThat(bad.post("{}").detail()).contains("no signature");
        assertThat(busy.post("{}").status()).isEqualTo(503);
        assertThat(busy.post("{}").detail()).contains("try later");
    }

    @Test
    void a_trap_and_a_loop_answer_400_and_the_source_goes_on() throws Exception {
        assertThat(started(requested().handler(Attack.TRAP), "{}").post("{}").status())
                .isEqualTo(400);
        AgentKit kit = started(requested().handler(Attack.onSign(Attack.LOOP)), "{}");

        assertThat(kit.post("x".repeat(3_000)).detail()).contains("deadline");
        kit = started(requested().handler(constant(0)), "{}");
        assertThat(kit.post("{}").status()).isEqualTo(202);
    }

    @Test
    void a_request_is_not_accepted_before_its_events_are_durable() throws Exception {
        AgentKit kit = started(logging(requested()), "{}");
        kit.source().refuseEmits(HelixException.unavailable("the mesh is away"));

        assertThat(kit.post("{}").status()).isEqualTo(503);
        assertThat(kit.emitted()).isEmpty();

        kit.source().refuseEmits(HelixException.forbidden("not allowed"));
        assertThat(kit.post("{}").status()).isEqualTo(400);

        kit.source().refuseEmits(null);
        assertThat(kit.post("{}").status()).isEqualTo(202);
        assertThat(kit.emitted()).hasSize(1);
    }

    @Test
    void the_clock_of_a_wake_up_is_that_of_helix() throws Exception {
        AgentKit kit = started(logging(waking()), "{}");
        Instant now = kit.clock().instant();
        kit.advance(Duration.ZERO);

        String line = kit.log().getFirst();
        assertThat(EventFormat.parse(line.substring(line.indexOf('{')).getBytes(StandardCharsets.UTF_8))
                        .path("time")
                        .asText())
                .isEqualTo(now.toString());
        assertThat(List.of(kit.log())).hasSize(1);
    }
}
