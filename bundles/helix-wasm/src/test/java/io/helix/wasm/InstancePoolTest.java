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
    private final Budgets budgets = new Budgets(10, 60);
    private final InstancePool pool = new InstancePool(2, 10, budgets, this::make);

    private static final class Recorded implements GuestInstance {
        private boolean closed;

        @Override
        public int call(String export, HostCalls calls) {
            return 0;
        }

        @Override
        public void prepare() {}

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public long memoryBytes() {
            return 65_536;
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
        return pool.take(owner, Duration.ZERO) instanceof InstancePool.Lent.Taken(InstancePool.Slot slot) ? slot : null;
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
    void a_retired_pool_lets_running_calls_finish_and_keeps_nothing() throws InterruptedException {
        InstancePool.Slot running = take(ACME);
        pool.giveBack(take(ACME));

        pool.retire();

        assertThat(made).extracting(instance -> instance.closed).containsExactly(false, true);
        pool.giveBack(running);
        assertThat(made.get(0).closed).isTrue();
        pool.giveBack(take(ACME));
        assertThat(made).allMatch(instance -> instance.closed);
        assertThat(budgets.reserved("acme")).isZero();
    }

    @Test
    void an_instance_is_replaced_after_many_calls() throws InterruptedException {
        for (int i = 0; i <= InstancePool.MAX_CALLS; i++) {
            pool.giveBack(take(ACME));
        }
        assertThat(made).extracting(instance -> instance.closed).containsExactly(true, false);
    }

    @Test
    void a_profile_has_no_more_memory_than_its_budget_and_idle_instances_give_way() throws InterruptedException {
        InstancePool other = new InstancePool(10, 10, budgets, this::make);
        InstancePool.Slot idle = take(ACME);
        pool.giveBack(idle);
        for (int i = 0; i < 6; i++) {
            assertThat(other.take(ACME, Duration.ZERO)).isInstanceOf(InstancePool.Lent.Taken.class);
        }
        assertThat(made.get(0).closed).isTrue();
        assertThat(other.take(ACME, Duration.ZERO)).isInstanceOf(InstancePool.Lent.NoMemory.class);
        assertThat(other.take(OTHER, Duration.ZERO)).isInstanceOf(InstancePool.Lent.Taken.class);
    }
}
