package io.helix.drools.situation;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** When something can be found without a hit, earliest first. */
final class Deadlines {
    private static final int WORTH_CLEANING = 1_000;

    private record Entry(long at, Deadline deadline) implements Comparable<Entry> {
        boolean counts() {
            return deadline.at() == at;
        }

        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(deadline.tieBreak(), other.deadline.tieBreak());
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private int dropped = 0;

    void add(Deadline deadline) {
        entries.add(new Entry(deadline.at(), deadline));
    }

    /** To be called when a deadline does not count any more, so that those far away do not pile up. */
    void drop() {
        dropped++;
        if (dropped > WORTH_CLEANING && dropped > entries.size() / 2) {
            entries.removeIf(entry -> !entry.counts());
            dropped = 0;
        }
    }

    /** The next that is not later than {@code clock}; null when there is none. */
    @Nullable
    Deadline poll(long clock) {
        return next() <= clock ? entries.remove().deadline : null;
    }

    /** When the next is; {@link Shelf#NEVER} when there is none. */
    long next() {
        Entry first = entries.peek();
        while (first != null && !first.counts()) {
            entries.remove();
            first = entries.peek();
        }
        return first == null ? Shelf.NEVER : first.at;
    }

    /** With those that do not count any more. */
    int size() {
        return entries.size();
    }
}
