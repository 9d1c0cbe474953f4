package io.helix.runtime.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CatalogTest {
    private final Catalog catalog = new Catalog();
    private volatile int matcher;
    private volatile int definition;

    private void change(int revision) {
        catalog.change(() -> {
            definition = revision;
            matcher = revision;
        });
    }

    @Test
    void whatChangedWhileItWasReadIsReadAgain() {
        List<Integer> reads = new ArrayList<>();

        List<Integer> seen = catalog.steady(() -> {
            int first = matcher;
            if (reads.isEmpty()) {
                CompletableFuture.runAsync(() -> change(1)).join();
            }
            reads.add(first);
            return List.of(first, definition);
        });

        assertThat(reads).containsExactly(0, 1);
        assertThat(seen).containsExactly(1, 1);
    }

    @Test
    void nobodySeesHalfOfAChange() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<Boolean>> readers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                readers.add(threads.submit(() -> {
                    boolean whole = true;
                    do {
                        whole &= catalog.steady(() -> matcher == definition);
                    } while (!over.get());
                    return whole;
                }));
            }
            for (int revision = 1; revision <= 10_000; revision++) {
                change(revision);
            }
            over.set(true);
            for (Future<Boolean> reader : readers) {
                assertThat(reader.get()).isTrue();
            }
        }
    }
}
