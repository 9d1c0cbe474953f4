package io.helix.drools;

import io.helix.api.event.Event;
import io.helix.api.rule.RuleKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.drools.core.common.DefaultFactHandle;

/** Carries one event through the network at a time and collects the rules it reaches. */
final class Probe extends DefaultFactHandle {
    private static final long serialVersionUID = 1L;

    private final transient View view;
    private final transient List<RuleKey> hits = new ArrayList<>();

    Probe(Slots slots) {
        this.view = new View(slots);
    }

    @Override
    public Object getObject() {
        return view;
    }

    View view() {
        return view;
    }

    List<RuleKey> match(Event event, AlphaNodes nodes) {
        view.open(event);
        try {
            nodes.propagate(this);
            if (view.deferredCount() == 0) {
                return List.copyOf(hits);
            }
            replayDeferred(nodes);
            return List.copyOf(new LinkedHashSet<>(hits));
        } finally {
            hits.clear();
            view.close();
        }
    }

    private void replayDeferred(AlphaNodes nodes) {
        for (int i = 0; i < view.deferredCount(); i++) {
            int slot = view.deferred(i);
            Slot values = view.slot(slot);
            Set<HashKey> seen = new HashSet<>();
            for (int j = 0; j < values.count(); j++) {
                HashKey key = values.value(j).hashKey();
                if (key != null && seen.add(key)) {
                    view.replay(slot, j);
                    nodes.propagate(this);
                }
            }
        }
    }

    void reach(Bucket bucket) {
        if (view.isDue(bucket.slot())) {
            bucket.reach(this);
        }
    }

    void hit(RuleKey rule) {
        hits.add(rule);
    }
}
