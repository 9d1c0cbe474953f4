package io.helix.drools.situation;

import java.util.ArrayList;
import java.util.List;
import org.drools.core.reteoo.BetaMemory;
import org.drools.core.reteoo.TupleImpl;
import org.drools.core.reteoo.TupleMemory;
import org.drools.core.util.AbstractHashTable.DoubleCompositeIndex;
import org.drools.core.util.AbstractHashTable.DoubleHashEntry;
import org.drools.core.util.index.TupleIndexHashTable;
import org.drools.core.util.index.TupleList;
import org.jspecify.annotations.Nullable;

/**
 * Reads what Drools has under some keys shortly before Drools does, and changes nothing. When there are a million hits, none
 * of that is in the caches of the processor. Drools follows one reference after the other for one hit after the other, and
 * the processor waits for each; here each step is made for all keys before the next one, so that it waits for many at once.
 */
final class Foresight {
    /** More than the processor can wait for at once, and so few that the first is still in its caches when it is needed. */
    static final int REACH = 64;

    /** Fewer hits are in the caches of the processor anyway. */
    static final int WORTH_READING = 30_000;

    /** What Drools begins the hash code of two values with, see {@code org.drools.core.util.index.IndexSpec}. */
    private static final int SEED = 31_778;

    private final List<TupleIndexHashTable> memories = new ArrayList<>();
    private final DoubleHashEntry entry = new DoubleHashEntry();
    private final int[] hashes = new int[REACH];
    private final @Nullable TupleList[] rows = new TupleList[REACH];
    private final @Nullable HitFact[] facts = new HitFact[REACH];
    private int expected;
    private long sum;

    void watch(BetaMemory<?> memory) {
        watch(memory.getLeftTupleMemory());
        watch(memory.getRightTupleMemory());
    }

    /** That of ticks has an index with one value. */
    private void watch(TupleMemory memory) {
        if (memory instanceof TupleIndexHashTable table && table.getIndex() instanceof DoubleCompositeIndex) {
            memories.add(table);
        }
    }

    void expect(Home home, String key) {
        hashes[expected] = entry.set(SEED, home, key).hashCode();
        expected++;
        if (expected == REACH) {
            look();
        }
    }

    /** Reads what is there under the keys that were expected since the last time. */
    void look() {
        memories.forEach(this::look);
        expected = 0;
    }

    private void look(TupleIndexHashTable memory) {
        TupleList[] table = memory.getTable();
        for (int i = 0; i < expected; i++) {
            rows[i] = table[hashes[i] & table.length - 1];
        }
        for (int i = 0; i < expected; i++) {
            facts[i] = first(rows[i], hashes[i]);
        }
        for (int i = 0; i < expected; i++) {
            sum += read(facts[i]);
        }
    }

    private static @Nullable HitFact first(@Nullable TupleList row, int hash) {
        TupleList list = row;
        while (list != null && list.hashCode() != hash) {
            list = list.getNext();
        }
        TupleImpl first = list == null ? null : list.getFirst();
        return first != null && first.getFactHandle() instanceof HitFact fact ? fact : null;
    }

    /** The result depends on all that is read, or the compiler would leave it out. */
    private static long read(@Nullable HitFact fact) {
        return fact == null
                ? 0
                : fact.order()
                        + fact.slot()
                        + fact.key().length()
                        + (fact.hasMatches() ? 1 : 0)
                        + readNeighbour(fact.older)
                        + readNeighbour(fact.newer);
    }

    private static long readNeighbour(@Nullable HitFact fact) {
        return fact == null ? 0 : fact.slot() + fact.time();
    }

    /** Has changed when something was there to be read. */
    long sum() {
        return sum;
    }
}
