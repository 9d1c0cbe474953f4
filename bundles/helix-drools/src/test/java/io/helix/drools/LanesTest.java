package io.helix.drools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LanesTest {
    private final Lanes lanes = new Lanes();
    private final AtomicBoolean changing = new AtomicBoolean();

    /** More virtual threads than processors, none of which ever rests: whoever waits for one of them waits for ever. */
    @Test
    void changesComeToTheirTurnWhileVirtualThreadsKeepAllProcessorsBusy() throws Exception {
        AtomicBoolean going = new AtomicBoolean(true);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> readers = new ArrayList<>();
            for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
                readers.add(threads.submit(() -> readsUndisturbed(going)));
            }
            try {
                for (int i = 0; i < 5_000; i++) {
                    lanes.whileEmpty(() -> {
                        changing.set(true);
                        Thread.onSpinWait();
                        changing.set(false);
                    });
                }
            } finally {
                going.set(false);
            }
            for (Future<Boolean> reader : readers) {
                assertThat(reader.get()).isTrue();
            }
        }
    }

    private boolean readsUndisturbed(AtomicBoolean going) {
        boolean undisturbed = true;
        do {
            Lane lane = lanes.enter();
            undisturbed &= !changing.get();
            lane.leave();
        } while (going.get());
        return undisturbed;
    }
}
