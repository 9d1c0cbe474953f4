package io.helix.drools.situation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** The partitions, and the threads on which they work at the same time. */
final class Crew implements AutoCloseable {
    /** With fewer hits the threads cost more than they save. */
    private static final int WORTH_SHARING = 32;

    private static final ThreadFactory THREADS =
            Thread.ofPlatform().name("helix-situations-", 0).daemon(true).factory();

    private final List<Partition> partitions;
    private final @Nullable ExecutorService helpers;

    Crew(List<Partition> partitions) {
        this.partitions = partitions;
        this.helpers = partitions.size() == 1 ? null : Executors.newFixedThreadPool(partitions.size() - 1, THREADS);
    }

    List<Partition> partitions() {
        return partitions;
    }

    Partition of(String key) {
        return partitions.get(indexOf(key));
    }

    private int indexOf(String key) {
        int hash = key.hashCode();
        return Math.floorMod(hash ^ hash >>> 16, partitions.size());
    }

    /** Handles hits in order, and then lets the time pass up to {@code end}. */
    void work(List<Arrival> arrivals, long end) {
        if (helpers == null) {
            work(partitions.get(0), arrivals, end);
        } else if (arrivals.size() < WORTH_SHARING) {
            arrivals.forEach(arrival -> of(arrival.hit().key()).handle(arrival));
            partitions.forEach(partition -> partition.finish(end));
        } else {
            share(arrivals, end, helpers);
        }
    }

    private void share(List<Arrival> arrivals, long end, ExecutorService threads) {
        List<List<Arrival>> shares = new ArrayList<>();
        partitions.forEach(partition -> shares.add(new ArrayList<>()));
        arrivals.forEach(arrival -> shares.get(indexOf(arrival.hit().key())).add(arrival));
        List<CompletableFuture<Void>> others = new ArrayList<>();
        for (int i = 1; i < partitions.size(); i++) {
            Partition partition = partitions.get(i);
            List<Arrival> share = shares.get(i);
            others.add(CompletableFuture.runAsync(() -> work(partition, share, end), threads));
        }
        try {
            work(partitions.get(0), shares.get(0), end);
        } finally {
            CompletableFuture.allOf(others.toArray(CompletableFuture<?>[]::new)).join();
        }
    }

    private static void work(Partition partition, List<Arrival> arrivals, long end) {
        partition.handle(arrivals);
        partition.finish(end);
    }

    @Override
    public void close() {
        if (helpers != null) {
            helpers.shutdown();
        }
        partitions.forEach(Partition::close);
    }
}
