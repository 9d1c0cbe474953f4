package io.helix.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.event.EventFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InstancePoolTest {
    private static final Owner ACME = owner("acme");
    private static final Owner OTHER = owner("other");

    private final List<Recorded> made = new ArrayList<>();
    private final InstancePool pool = new InstancePool(2, this::make);

    private static final class Recorded implements GuestInstance {
        private boolean closed;

        @Override
        public int call(String export, HostCalls calls) {
            return 0;
        }

        @Override
        public void prepare() {}

        @Override
        public void interrupt() {}

        @Override
        public void close() {
            closed = true;
        }
    }

    private GuestInstance make() {
        Recorded instance = new Recorded();
        made.add(instance);
        return instance;
    }

    private static Owner owner(String profile) {
        return new Owner(profile, "agent", EventFormat.json().createObjectNode());
    }

    private InstancePool.@Nullable Slot tryTake(Owner owner) throws InterruptedException {
        return pool.take(owner, Duration.ZERO);
    }

    private InstancePool.Slot take(Owner owner) throws InterruptedException {
        InstancePool.Slot slot = tryTake(owner);
        if (slot == null) {
            throw new AssertionError("the pool gave no instance");
        }
        return slot;
    }

    @Test
    void an_instance_is_used_again_by_the_same_owner() throws InterruptedException {
        InstancePool.Slot first = take(ACME);
        pool.giveBack(first);

        assertThat(take(ACME).instance()).isSameAs(first.instance());
    }

    @Test
    void an_instance_is_never_handed_to_another_owner() throws InterruptedException {
        InstancePool.Slot first = take(ACME);
        pool.giveBack(first);

        assertThat(take(OTHER).instance()).isNotSameAs(first.instance());
    }

    @Test
    void a_busy_instance_is_not_shared_and_the_size_bounds_how_many_there_are() throws InterruptedException {
        InstancePool.Slot first = take(ACME);

        assertThat(take(ACME).instance()).isNotSameAs(first.instance());
        assertThat(tryTake(ACME)).isNull();
    }

    @Test
    void idle_instances_never_outnumber_the_size() throws InterruptedException {
        for (String profile : List.of("a", "b", "c", "d")) {
            pool.giveBack(take(owner(profile)));
        }

        assertThat(made).extracting(instance -> instance.closed).containsExactly(true, true, false, false);
    }

    @Test
    void a_discarded_instance_is_closed_and_makes_room() throws InterruptedException {
        take(ACME);
        pool.discard(take(ACME));

        assertThat(made.get(1).closed).isTrue();
        assertThat(take(ACME).instance()).isSameAs(made.get(2));
    }

    @Test
    void closing_lets_running_calls_finish() throws InterruptedException {
        InstancePool.Slot running = take(ACME);
        pool.giveBack(take(ACME));

        pool.close();

        assertThat(made).extracting(instance -> instance.closed).containsExactly(false, true);
        pool.giveBack(running);
        assertThat(made.get(0).closed).isTrue();
        assertThat(tryTake(ACME)).isNull();
    }
}
