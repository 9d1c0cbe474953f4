package io.helix.drools;

import io.helix.api.event.Event;
import io.helix.api.rule.RuleKey;
import java.util.ArrayList;
import java.util.List;
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

    void open(Event event) {
        view.open(event);
    }

    void reach(LiveRule rule) {
        if (rule.rest().test(view)) {
            hits.add(rule.key());
        }
    }

    /** For a rule that the network could not find by hash. */
    void checkWhole(LiveRule rule) {
        if (rule.whole().test(view)) {
            hits.add(rule.key());
        }
    }

    /** The rules reached; the probe is ready for the next event. */
    List<RuleKey> close() {
        List<RuleKey> found = List.copyOf(hits);
        hits.clear();
        view.close();
        return found;
    }
}
