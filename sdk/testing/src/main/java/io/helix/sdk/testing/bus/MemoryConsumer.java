package io.helix.sdk.testing.bus;

import io.helix.api.event.StoredMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A durable place in a log and, while subscribed, the handler of what comes next. Guarded by the lock of the bus. */
final class MemoryConsumer {
    /** Works on a batch of messages, outside the lock. */
    record Work(int places, int batchSize, boolean ordered, Consumer<List<StoredMessage>> run) {}

    final MemoryLog log;
    private final Map<Long, Integer> attempts = new HashMap<>();
    private final TreeSet<Long> due = new TreeSet<>();
    private final Set<Long> handled = new HashSet<>();
    private final Set<Long> waiting = new HashSet<>();
    private long next;
    private int running;
    private @Nullable Work work;

    MemoryConsumer(MemoryLog log, long first) {
        this.log = log;
        this.next = first;
    }

    void subscribe(Work newWork) {
        work = newWork;
    }

    /** Only the subscription that is still the current one can end it. */
    void unsubscribe(Work oldWork) {
        if (oldWork.equals(work)) {
            work = null;
        }
    }

    boolean subscribed() {
        return work != null;
    }

    int attempt(long sequence) {
        return attempts.getOrDefault(sequence, 1);
    }

    long pending() {
        return log.countFrom(next) + due.size() + handled.size() + waiting.size();
    }

    long handledUpTo() {
        TreeSet<Long> open = new TreeSet<>(due);
        open.addAll(handled);
        open.addAll(waiting);
        return open.isEmpty() ? next - 1 : open.first() - 1;
    }

    /** What to hand out now; null when there is nothing or every place is taken. */
    @Nullable
    Runnable nextWork() {
        Work current = work;
        if (current == null || running >= current.places()) {
            return null;
        }
        List<StoredMessage> batch = take(current.batchSize(), current.ordered());
        if (batch.isEmpty()) {
            return null;
        }
        running++;
        return () -> current.run().accept(batch);
    }

    void workEnded() {
        running--;
    }

    void settled(long sequence) {
        handled.remove(sequence);
        attempts.remove(sequence);
    }

    void postpone(long sequence) {
        handled.remove(sequence);
        waiting.add(sequence);
    }

    void again(long sequence) {
        if (waiting.remove(sequence)) {
            due.add(sequence);
        }
    }

    private List<StoredMessage> take(int size, boolean ordered) {
        List<StoredMessage> batch = new ArrayList<>();
        while (batch.size() < size && !due.isEmpty()) {
            add(batch, log.get(due.removeFirst()));
        }
        // In order means nothing new overtakes what is to be handed out again.
        if (!ordered || waiting.isEmpty()) {
            takeNew(batch, size);
        }
        return batch;
    }

    private void takeNew(List<StoredMessage> batch, int size) {
        for (StoredMessage message : log.from(next)) {
            if (batch.size() >= size) {
                return;
            }
            next = message.sequence() + 1;
            add(batch, message);
        }
    }

    private void add(List<StoredMessage> batch, @Nullable StoredMessage message) {
        if (message != null) {
            handled.add(message.sequence());
            attempts.merge(message.sequence(), 1, Integer::sum);
            batch.add(message);
        }
    }
}
