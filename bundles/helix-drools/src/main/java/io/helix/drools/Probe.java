package io.helix.drools;

import io.helix.api.rule.RuleKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.drools.core.common.DefaultFactHandle;

/** Carries one event through the network and collects the rules it reaches. */
final class Probe extends DefaultFactHandle {
    private static final long serialVersionUID = 1L;

    private final transient View view;
    private final transient List<RuleKey> hits = new ArrayList<>();

    Probe(View view) {
        this.view = view;
    }

    @Override
    public Object getObject() {
        return view;
    }

    View view() {
        return view;
    }

    /** The rules that match, each once. */
    List<RuleKey> match(AlphaNodes nodes) {
        nodes.propagate(this);
        int[] deferred = view.deferred();
        for (int slot : deferred) {
            replay(slot, nodes);
        }
        return deferred.length == 0 ? hits() : List.copyOf(new LinkedHashSet<>(hits));
    }

    /** A hash finds one value at a time, so the event goes through again with each of the values. */
    private void replay(int slot, AlphaNodes nodes) {
        Slot values = view.slot(slot);
        Set<HashKey> seen = new HashSet<>();
        for (int i = 0; i < values.count(); i++) {
            HashKey key = values.value(i).hashKey();
            if (key != null && seen.add(key)) {
                view.replay(slot, i);
                nodes.propagate(this);
            }
        }
    }

    void reach(Bucket bucket) {
        if (view.isDue(bucket.slot())) {
            bucket.reach(this);
        }
    }

    List<RuleKey> hits() {
        return List.copyOf(hits);
    }

    void hit(RuleKey rule) {
        hits.add(rule);
    }
}
