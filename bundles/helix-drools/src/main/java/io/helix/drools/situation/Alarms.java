package io.helix.drools.situation;

import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Says when hits on shelves have expired. */
final class Alarms {
    private record Alarm(long at, Shelf shelf) implements Comparable<Alarm> {
        @Override
        public int compareTo(Alarm other) {
            return Long.compare(at, other.at);
        }
    }

    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();

    /** Those that were foreseen and have not rung. */
    private final PriorityQueue<Alarm> soon = new PriorityQueue<>();

    /** To be called when something was put on a shelf. */
    void set(Shelf shelf) {
        HitFact oldest = shelf.oldest();
        if (oldest != null) {
            long at = shelf.memory().plan().expiry(oldest);
            if (at < shelf.wakeAt) {
                shelf.wakeAt = at;
                alarms.add(new Alarm(at, shelf));
            }
        }
    }

    /** Lets all hits go that have expired. */
    void ring(long clock, Consumer<HitFact> release) {
        for (Alarm next = poll(clock); next != null; next = poll(clock)) {
            Shelf shelf = next.shelf;
            if (next.at == shelf.wakeAt) {
                shelf.wakeAt = Shelf.NEVER;
                releaseExpired(shelf, clock, release);
                set(shelf);
            }
        }
    }

    private @Nullable Alarm poll(long clock) {
        PriorityQueue<Alarm> next = first(soon) <= first(alarms) ? soon : alarms;
        return first(next) <= clock ? next.poll() : null;
    }

    private static long first(PriorityQueue<Alarm> queue) {
        Alarm first = queue.peek();
        return first == null ? Shelf.NEVER : first.at;
    }

    /** Tells the first hit of each shelf that goes when the time passes up to {@code clock}. */
    void foresee(long clock, Consumer<HitFact> action) {
        for (Alarm next = alarms.peek(); next != null && next.at <= clock; next = alarms.peek()) {
            soon.add(alarms.remove());
            HitFact oldest = next.shelf.oldest();
            if (oldest != null) {
                action.accept(oldest);
            }
        }
    }

    private static void releaseExpired(Shelf shelf, long clock, Consumer<HitFact> release) {
        for (HitFact oldest = shelf.oldest(); oldest != null && isExpired(oldest, clock); oldest = shelf.oldest()) {
            release.accept(oldest);
        }
    }

    private static boolean isExpired(HitFact fact, long clock) {
        return fact.plan().expiry(fact) <= clock;
    }
}
