package io.helix.drools.situation;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** When something can be found without a hit, earliest first; by age of the hit when equal. */
final class Deadlines {
    private record Entry(long at, Deadline deadline) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(deadline.tieBreak(), other.deadline.tieBreak());
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();

    void add(Deadline deadline) {
        entries.add(new Entry(deadline.at(), deadline));
    }

    /** The next that is not later than {@code clock}; null when there is none. */
    @Nullable
    Deadline poll(long clock) {
        return next() <= clock ? entries.remove().deadline : null;
    }

    /** When the next is; {@link Shelf#NEVER} when there is none. */
    long next() {
        Entry first = entries.peek();
        while (first != null && first.deadline.at() != first.at) {
            entries.remove();
            first = entries.peek();
        }
        return first == null ? Shelf.NEVER : first.at;
    }
}
