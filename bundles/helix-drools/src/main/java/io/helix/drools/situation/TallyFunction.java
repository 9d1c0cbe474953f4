package io.helix.drools.situation;

import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.kie.api.runtime.rule.AccumulateFunction;

/** Lets Drools keep the {@link Tally} of a window. */
public final class TallyFunction implements AccumulateFunction<TallyFunction.Holder> {

    /** Drools makes it before it is known what is to be measured. */
    static final class Holder implements Serializable {
        private static final long serialVersionUID = 1L;

        private transient @Nullable Tally tally;

        @Nullable
        Tally tally() {
            return tally;
        }

        Tally of(HitFact fact) {
            Tally known = tally;
            if (known == null) {
                known = Tally.of(((AggregatePlan) fact.plan()).situation().measure());
                tally = known;
            }
            return known;
        }
    }

    @Override
    public Holder createContext() {
        return new Holder();
    }

    @Override
    public void init(Holder holder) {
        holder.tally = null;
    }

    @Override
    public void accumulate(Holder holder, Object value) {
        HitFact fact = (HitFact) value;
        holder.of(fact).add(fact.hit().value());
    }

    @Override
    public void reverse(Holder holder, Object value) {
        HitFact fact = (HitFact) value;
        holder.of(fact).remove(fact.hit().value());
    }

    @Override
    public boolean supportsReverse() {
        return true;
    }

    @Override
    public Object getResult(Holder holder) {
        return holder;
    }

    @Override
    public Class<?> getResultType() {
        return Holder.class;
    }

    @Override
    public void writeExternal(ObjectOutput out) {}

    @Override
    public void readExternal(ObjectInput in) {}
}
