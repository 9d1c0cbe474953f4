package io.helix.sdk.testing.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.helix.api.event.Channel;
import io.helix.api.event.Disposition;
import io.helix.api.event.EventBus;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class InMemoryEventBusTest extends EventBusContract {
    private final InMemoryEventBus bus = new InMemoryEventBus(Clock.systemUTC(), Duration.ofMinutes(1));

    @Override
    protected EventBus bus() {
        return bus;
    }

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void awaitsQuiescenceThroughRetriesOfAnyWait() {
        var impatient = new InMemoryEventBus();
        impatient.provision(profile);
        List<Integer> attempts = Collections.synchronizedList(new ArrayList<>());
        impatient.consume(Channel.TRIGGERS, profile, "runs", OPTIONS, delivery -> {
            attempts.add(delivery.attempt());
            return done(new Disposition.Retry(Duration.ofHours(1), "never"));
        });
        impatient
                .publish(message(Channel.TRIGGERS, "a", "t1"))
                .toCompletableFuture()
                .join();

        impatient.awaitQuiescence();
        assertThat(attempts).containsExactly(1, 2, 3);
        assertThat(impatient.messages(Channel.DEAD_LETTERS, profile)).hasSize(1);
        assertThat(impatient.messages(Channel.TRIGGERS, profile)).isEmpty();
    }

    @Test
    void refusesWhenFull() {
        bus.setFull(true);
        assertThat(bus.accepting()).isFalse();
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> publish(message(Channel.EVENTS, "a", "e1")))
                .withMessageContaining("full");
    }
}
