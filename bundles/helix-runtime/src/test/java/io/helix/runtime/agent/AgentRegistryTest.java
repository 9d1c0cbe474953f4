package io.helix.runtime.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.Agent;
import io.helix.api.agent.AgentDescriptor;
import io.helix.api.agent.AgentKind;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.Transformer;
import io.helix.runtime.agent.AgentRegistry.Patience;
import io.helix.runtime.document.TypeRef;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class AgentRegistryTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final TypeRef GREET = new TypeRef("test.greet", 1);

    private final AgentRegistry registry = new AgentRegistry(new Patience(Duration.ZERO, LONG, LONG), () -> false);
    private final AgentRegistry impatient =
            new AgentRegistry(new Patience(Duration.ZERO, Duration.ZERO, Duration.ZERO), () -> false);
    private final AgentType old = type("test.greet", "1.0.0");
    private final AgentType updated = type("test.greet", "1.0.0");

    /** Something that another thread does, and that has to wait. */
    private record Waiting<T>(Thread thread, FutureTask<T> task) {
        static <T> Waiting<T> begin(java.util.concurrent.Callable<T> work) {
            FutureTask<T> task = new FutureTask<>(work);
            Thread thread = Thread.ofVirtual().start(task);
            await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
            return new Waiting<>(thread, task);
        }
    }

    private static AgentType type(String name, String version) {
        AgentDescriptor descriptor =
                new AgentDescriptor(name, version, AgentKind.TRANSFORMER, "", JsonNodeFactory.instance.objectNode());
        return new AgentType() {
            @Override
            public AgentDescriptor descriptor() {
                return descriptor;
            }

            @Override
            public Agent<?> create() {
                return (Transformer<Object>) (event, context) -> {};
            }

            @Override
            public Object config(ObjectNode json) {
                return json;
            }
        };
    }

    @Test
    void aTypeThatWasNeverThereIsAbsentAtOnce() throws Exception {
        registry.add(old, "test", "1");

        assertThat(registry.use(new TypeRef("test.greet", 2), LONG)).isEmpty();
        assertThat(registry.use(new TypeRef("test.other", 0), LONG)).isEmpty();
    }

    @Test
    void aTypeThatHasJustGoneIsWaitedFor() throws Exception {
        registry.add(old, "test", "1");
        registry.remove(old);
        Waiting<AgentType> call =
                Waiting.begin(() -> registry.use(GREET, LONG).orElseThrow().type());

        registry.add(updated, "test", "2");

        assertThat(call.task().get()).isSameAs(updated);
    }

    @Test
    void itIsWaitedForWhereNoMajorIsAskedFor() throws Exception {
        registry.add(old, "test", "1");
        registry.remove(old);
        Waiting<AgentType> call = Waiting.begin(() ->
                registry.use(new TypeRef("test.greet", 0), LONG).orElseThrow().type());

        registry.add(updated, "test", "2");

        assertThat(call.task().get()).isSameAs(updated);
    }

    @Test
    void nobodyWaitsLongerThanHeMay() throws Exception {
        registry.add(old, "test", "1");
        registry.remove(old);

        assertThat(registry.isAwaited(GREET)).isTrue();
        assertThat(registry.use(GREET, Duration.ZERO)).isEmpty();
    }

    @Test
    void aTypeThatGoesForGoodIsGivenUp() throws Exception {
        impatient.add(old, "test", "1");
        impatient.remove(old);

        assertThat(impatient.use(GREET, LONG)).isEmpty();
        assertThat(impatient.isAwaited(GREET)).isFalse();
    }

    @Test
    void afterAStartAnyTypeIsWaitedFor() throws Exception {
        AgentRegistry starting = new AgentRegistry(new Patience(LONG, LONG, LONG), () -> false);
        Waiting<AgentType> call =
                Waiting.begin(() -> starting.use(GREET, LONG).orElseThrow().type());

        starting.add(old, "test", "1");

        assertThat(call.task().get()).isSameAs(old);
    }

    @Test
    void aTypeGoesWhenNobodyUsesItAnyMore() throws Exception {
        registry.add(old, "test", "1");
        AgentRegistry.Use first = registry.use(GREET, LONG).orElseThrow();
        AgentRegistry.Use second = registry.use(old).orElseThrow();
        Waiting<Boolean> removal = Waiting.begin(() -> {
            registry.remove(old);
            return true;
        });

        assertThat(registry.use(old)).isEmpty();
        first.close();
        first.close();
        assertThat(removal.task().isDone()).isFalse();
        second.close();

        assertThat(removal.task().get()).isTrue();
    }

    @Test
    void aTypeThatIsUsedWithoutEndGoesNevertheless() throws Exception {
        impatient.add(old, "test", "1");
        AgentRegistry.Use use = impatient.use(GREET, LONG).orElseThrow();

        impatient.remove(old);

        assertThat(impatient.find(GREET)).isEmpty();
        use.close();
    }

    @Test
    void nothingKeepsAServerFromShuttingDown() throws Exception {
        AgentRegistry ending = new AgentRegistry(new Patience(Duration.ZERO, LONG, LONG), () -> true);
        ending.add(old, "test", "1");
        AgentRegistry.Use use = ending.use(GREET, LONG).orElseThrow();

        ending.remove(old);

        assertThat(ending.find(GREET)).isEmpty();
        use.close();
    }
}
