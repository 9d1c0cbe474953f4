package io.helix.drools.situation;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import org.kie.api.runtime.rule.FactHandle;

/** Hits of one key that are measured together. Is a fact itself: Drools keeps a tally for each. */
final class OpenWindow implements Home {
    private final RuleMemory memory;
    private final Object id;
    private final Shelf shelf;
    private @Nullable Tally tally;

    @Nullable
    FactHandle handle;

    /** Whether it has made the one match it may make, if it may make only one. */
    boolean matched;

    OpenWindow(RuleMemory memory, Object id) {
        this.memory = memory;
        this.id = id;
        this.shelf = new Shelf(memory);
    }

    @Override
    public RuleMemory memory() {
        return memory;
    }

    /** What it is known by within its rule. */
    Object id() {
        return id;
    }

    @Override
    public Shelf shelf(int slot) {
        return shelf;
    }

    Shelf shelf() {
        return shelf;
    }

    /** The tally goes on changing with the hits. */
    void measured(TallyFunction.Holder holder) {
        tally = holder.tally();
    }

    @Nullable
    BigDecimal value() {
        return tally == null ? null : tally.value();
    }

    /** What the value would be if {@code fact} had not come. */
    @Nullable
    BigDecimal valueWithout(HitFact fact) {
        if (tally == null) {
            return null;
        }
        tally.remove(fact.hit().value());
        BigDecimal value = tally.value();
        tally.add(fact.hit().value());
        return value;
    }
}
