package io.helix.wasm;

import static io.helix.wasm.Attack.onSign;
import static io.helix.wasm.WasmBuilder.bytes;
import static io.helix.wasm.WasmBuilder.call;
import static io.helix.wasm.WasmBuilder.constant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.AgentState;
import io.helix.api.agent.Credentials;
import io.helix.api.agent.Transformer;
import io.helix.wasm.HostRefusal.Code;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Plugins that ask a store which does not answer before it is released. */
@Timeout(60)
class SlowStoreTest {
    private static final String CREDENTIAL = "{\"name\":\"token\"}";

    private static final GuestMemory NO_MEMORY = new GuestMemory() {
        @Override
        public boolean contains(long end) {
            return false;
        }

        @Override
        public void read(long offset, byte[] into) {}

        @Override
        public void write(long offset, byte[] bytes) {}
    };

    private final FakeContext context = new FakeContext("{}");
    private final Stuck stuck = new Stuck(context.stored);

    /** Gives every answer of another state, but only once it is released. */
    private static final class Stuck implements AgentState {
        private final AgentState kept;
        private final CountDownLatch released = new CountDownLatch(1);
        private final Semaphore answered = new Semaphore(0);
        private final Semaphore interrupted = new Semaphore(0);

        Stuck(AgentState kept) {
            this.kept = kept;
        }

        void await() {
            try {
                released.await();
            } catch (InterruptedException e) {
                interrupted.release();
            } finally {
                answered.release();
            }
        }

        @Override
        public Optional<String> get(String key) {
            await();
            return kept.get(key);
        }

        @Override
        public void change(Collection<Change> changes) {
            kept.change(changes);
        }

        @Override
        public void check(Collection<Change> changes) {
            await();
            kept.check(changes);
        }

        @Override
        public boolean putIfAbsent(String key, String value) {
            await();
            return kept.putIfAbsent(key, value);
        }

        @Override
        public List<String> keys(String prefix, int limit) {
            await();
            return kept.keys(prefix, limit);
        }
    }

    @AfterEach
    void release() {
        stuck.released.countDown();
    }

    private static WasmBuilder granted() {
        return new WasmBuilder()
                .manifest("{\"abi\":1,\"name\":\"test\",\"version\":\"1.0.0\",\"type\":\"demo.test\","
                        + "\"capabilities\":{\"kv\":true,\"credentials\":[\"token\"]}}");
    }

    private static WasmBuilder asking(HostFunction function, String data, int... arguments) {
        return granted().importing(function).data(0, data).handler(onSign(call(0, arguments)));
    }

    private void endsInTime(WasmBuilder module) {
        assertThat(Attack.by(module, context).fails()).contains("ran over its deadline");
        assertThat(stuck.released.getCount()).as("the store has not answered").isOne();
    }

    @Test
    void a_call_that_reads_a_value_ends_in_time_and_its_neighbours_go_on() {
        context.state = stuck;
        endsInTime(asking(HostFunction.KV_GET, "key", 0, 3, 100, 100));
    }

    @Test
    void a_call_that_lists_keys_ends_in_time() {
        context.state = stuck;
        endsInTime(asking(HostFunction.KV_LIST, "key", 0, 3, 100, 100));
    }

    @Test
    void a_call_that_removes_a_value_ends_in_time() {
        context.state = stuck;
        endsInTime(asking(HostFunction.KV_DELETE, "key", 0, 3));
    }

    @Test
    void a_call_that_reads_a_credential_ends_in_time() {
        context.credentials.put("token", "secret");
        context.vault = new Credentials() {
            @Override
            public <T> T use(String name, String purpose, Function<byte[], T> use) {
                stuck.await();
                return context.credentials.use(name, purpose, use);
            }
        };
        endsInTime(asking(HostFunction.CALL, "credential" + CREDENTIAL, 0, 10, 10, CREDENTIAL.length(), 100, 100));
    }

    @Test
    void a_call_that_sets_a_value_ends_in_time_and_stores_nothing_when_the_store_wakes_up() throws Exception {
        context.state = stuck;
        endsInTime(asking(HostFunction.KV_SET, "key", 0, 3, 0, 3, 0));

        stuck.released.countDown();
        stuck.answered.acquire();

        assertThat(context.stored.asMap()).isEmpty();
    }

    @Test
    void a_store_that_a_call_has_left_is_not_interrupted() throws Exception {
        context.state = stuck;
        endsInTime(asking(HostFunction.KV_GET, "key", 0, 3, 100, 100));

        stuck.released.countDown();
        stuck.answered.acquire();

        assertThat(stuck.interrupted.availablePermits())
                .as("an interrupt closes the file of a database")
                .isZero();
    }

    @Test
    void what_calls_have_left_unanswered_is_bounded_and_only_those_who_ask_for_more_are_told() throws Exception {
        Sandbox sandbox = RunningEngine.sandbox(RunningEngine.LIMITS, new Budgets(1, 1_000));
        Transformer<ObjectNode> agent = agent(
                sandbox,
                granted()
                        .importing(HostFunction.KV_SET)
                        .data(0, "key")
                        .handler(constant(0), call(0, 0, 3, 0, 3, 0), bytes(0x6b)));
        Transformer<ObjectNode> neighbour =
                agent(sandbox, WasmBuilder.transformer().handler(constant(0)));
        context.state = stuck;
        assertThat(failure(agent)).contains("ran over its deadline");

        assertThat(failure(agent)).contains("failed with code " + -Code.UNAVAILABLE.number());
        neighbour.transform(Attack.PEACEFUL, context);

        stuck.released.countDown();
        callUntilItSucceeds(agent);
        assertThat(context.stored.asMap()).containsOnlyKeys("test/key");
    }

    private static Transformer<ObjectNode> agent(Sandbox sandbox, WasmBuilder module) {
        return RunningEngine.transformer(new PluginLoader(sandbox)
                .load("test.wasm", module.build(), new PluginStats())
                .types()
                .getFirst());
    }

    private String failure(Transformer<ObjectNode> agent) {
        return String.valueOf(
                catchThrowableOfType(AgentException.class, () -> agent.transform(Attack.PEACEFUL, context))
                        .getMessage());
    }

    private void callUntilItSucceeds(Transformer<ObjectNode> agent) {
        while (catchThrowable(() -> agent.transform(Attack.PEACEFUL, context)) != null) {
            Thread.onSpinWait();
        }
    }

    @Test
    void a_host_call_after_the_deadline_ends_the_call_though_nobody_has_stopped_it() {
        HostCalls calls = new HostCalls(
                new byte[0],
                context,
                new Terms("mine", RunningEngine.LIMITS, Manifest.Capabilities.NONE, Encoding.JSON));
        calls.begin(
                new Deadline(RunningEngine.SANDBOX.watchdog(), new Idle(), System.nanoTime() - 1),
                RunningEngine.SANDBOX.errands());

        for (HostFunction function : HostFunction.values()) {
            endsTheCall(() -> calls.call(function, new int[6], NO_MEMORY));
        }
        for (WasiFunction function : WasiFunction.values()) {
            endsTheCall(() -> calls.call(function, new long[9], NO_MEMORY));
        }
        assertThat(calls.counts().calls()).isZero();
    }

    private static void endsTheCall(ThrowingCallable hostCall) {
        assertThatThrownBy(hostCall)
                .isInstanceOfSatisfying(
                        GuestTrap.class, trap -> assertThat(trap.kind()).isEqualTo(GuestTrap.Kind.OVER_TIME));
    }

    private record Idle() implements GuestInstance {
        @Override
        public int call(String export, HostCalls calls) {
            return 0;
        }

        @Override
        public void prepare() {}

        @Override
        public void close() {}

        @Override
        public long memoryBytes() {
            return 0;
        }
    }
}
