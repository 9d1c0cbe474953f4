package io.helix.wasm;

import static io.helix.wasm.WasmBuilder.bytes;
import static io.helix.wasm.WasmBuilder.call;
import static io.helix.wasm.WasmBuilder.constant;
import static io.helix.wasm.WasmBuilder.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.Transformer;
import io.helix.api.event.Event;
import java.time.Duration;
import java.util.Arrays;

/** Lets modules attack the host, and asserts what must hold after every attack: the neighbours and the host work on. */
final class Attack {
    /** An endless loop. */
    static final byte[] LOOP = bytes(0x03, 0x40, 0x0c, 0x00, 0x0b, 0x00);

    static final byte[] TRAP = bytes(0x00);

    /** Longer inputs than this one are what an attacker waits for. */
    private static final int SIGN = 2000;

    static final Event PEACEFUL = FakeContext.event("{}");
    static final Event HOSTILE = FakeContext.event("\"" + "x".repeat(SIGN) + "\"");

    private static final int LONGEST_MESSAGE = 2_200;
    private static final String EVENT = "{\"type\":\"demo.done\",\"data\":{}}";
    private static final Transformer<ObjectNode> NEIGHBOUR = RunningEngine.transformer(WasmBuilder.transformer()
            .importing(HostFunction.EMIT_EVENT)
            .data(0, EVENT)
            .handler(call(0, 0, EVENT.length())));

    private final FakeContext context;
    private final LoadedPlugin plugin;
    private final Transformer<ObjectNode> agent;

    private Attack(WasmBuilder module, FakeContext context) {
        this.context = context;
        this.plugin = RunningEngine.load(module);
        this.agent = RunningEngine.transformer(plugin.types().getFirst());
    }

    static Attack by(WasmBuilder module) {
        return by(module, new FakeContext("{}"));
    }

    static Attack by(WasmBuilder module, FakeContext context) {
        return new Attack(module, context);
    }

    /** Code of a handler that attacks when its input is the hostile event, and else succeeds. It must leave an i32. */
    static byte[] onSign(byte[]... attack) {
        return join(
                bytes(0x20, 0x00),
                constant(SIGN),
                bytes(0x4b, 0x04, 0x7f),
                join(attack),
                bytes(0x05),
                constant(0),
                bytes(0x0b));
    }

    FakeContext context() {
        return context;
    }

    /** The attack fails for good and costs the instance; then the same plugin works again, and so do its neighbours. */
    String fails() {
        AgentException failure = failure();
        assertThat(plugin.module().instances()).isZero();
        assertThat(failure.isRetryable()).isFalse();
        assertThat(context.emitted).isEmpty();
        assertWorks();
        return message(failure);
    }

    /** The same for a plugin that attacks before it looks at any event, so that no call of it can work. */
    String failsAlways() {
        AgentException first = failure();
        assertThat(plugin.module().instances()).isZero();
        assertThat(first.isRetryable()).isFalse();
        assertThat(failure()).hasMessage(first.getMessage());
        assertNeighbourWorks();
        return message(first);
    }

    /** How long one of so many calls takes, half of them longer; all of them fail. */
    Duration typicalOf(int calls) {
        long[] took = new long[calls];
        for (int i = 0; i < calls; i++) {
            long began = System.nanoTime();
            failure();
            took[i] = System.nanoTime() - began;
        }
        Arrays.sort(took);
        return Duration.ofNanos(took[calls / 2]);
    }

    /** The host answers the attack with an error code, which the attacker returns without its sign. */
    String isAnsweredWith(HostRefusal.Code code) {
        AgentException failure = failure();
        assertThat(failure).hasMessageContaining("failed with code " + -code.number());
        assertThat(plugin.module().instances()).isOne();
        assertWorks();
        return message(failure);
    }

    /** The attack has no success, but its handler ends well. */
    void isHarmless() throws Exception {
        agent.transform(HOSTILE, context);
        assertWorks();
    }

    AgentException failure() {
        AgentException failure = catchThrowableOfType(AgentException.class, () -> agent.transform(HOSTILE, context));
        assertThat(failure).as("the attack").isNotNull();
        return failure;
    }

    private static String message(AgentException failure) {
        String message = String.valueOf(failure.getMessage());
        assertThat(message).hasSizeLessThan(LONGEST_MESSAGE).doesNotContainPattern("\\p{Cntrl}");
        return message;
    }

    private void assertWorks() {
        assertThatCode(() -> agent.transform(PEACEFUL, context)).doesNotThrowAnyException();
        assertThat(plugin.module().instances()).isOne();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertNeighbourWorks();
    }

    static void assertNeighbourWorks() {
        FakeContext neighbours = new FakeContext("{}");
        assertThatCode(() -> NEIGHBOUR.transform(PEACEFUL, neighbours)).doesNotThrowAnyException();
        assertThat(neighbours.emitted).hasSize(1);
    }

    /** The module is not even taken up; its neighbours work. */
    static String isRefused(byte[] wasm) {
        Throwable thrown = catchThrowable(() -> RunningEngine.load("test.wasm", wasm));
        assertThat(thrown).isInstanceOfSatisfying(HelixException.class, refusal -> {
            assertThat(refusal.kind()).isEqualTo(ErrorKind.INVALID);
            assertThat(refusal.message()).hasSizeLessThan(LONGEST_MESSAGE).doesNotContainPattern("\\p{Cntrl}");
        });
        assertNeighbourWorks();
        return String.valueOf(thrown.getMessage());
    }

    static String isRefused(WasmBuilder module) {
        return isRefused(module.build());
    }
}
