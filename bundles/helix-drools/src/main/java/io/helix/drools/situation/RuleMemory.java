package io.helix.drools.situation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a partition remembers of a rule. */
final class RuleMemory {
    private final Map<Object, Lane> lanes = new HashMap<>();
    private final List<Shelf> shelves = new ArrayList<>();
    private final Set<String> givenUp = new HashSet<>();
    private final @Nullable Place place;
    private SituationRule rule;
    private int size;

    /** @param place where its facts go; null when it needs none */
    RuleMemory(SituationRule rule, @Nullable Place place) {
        this.rule = rule;
        this.place = place;
        rule.plan().situation().aliases().forEach(alias -> shelves.add(new Shelf(this)));
    }

    SituationRule rule() {
        return rule;
    }

    Plan plan() {
        return rule.plan();
    }

    Place place() {
        if (place == null) {
            throw new IllegalStateException(rule.name() + " has no facts");
        }
        return place;
    }

    /** For a change that leaves the hits as they are. */
    void change(SituationRule changed) {
        rule = changed;
    }

    Lane lane(String key) {
        return lanes.computeIfAbsent(key, id -> new Lane(this, key));
    }

    WindowLane windowLane(Object id, String key) {
        return (WindowLane) lanes.computeIfAbsent(id, i -> new WindowLane(this, i, key));
    }

    Shelf shelf(int slot) {
        return shelves.get(slot);
    }

    void keep(HitFact fact) {
        fact.lane().shelf(fact.slot()).add(fact);
        fact.lane().resize(1);
        size++;
    }

    void forget(HitFact fact) {
        Lane lane = fact.lane();
        lane.shelf(fact.slot()).remove(fact);
        lane.resize(-1);
        size--;
        if (lane.size() == 0) {
            lanes.remove(lane.id());
        }
    }

    int size() {
        return size;
    }

    void forEach(Consumer<HitFact> action) {
        shelves.forEach(shelf -> shelf.forEach(action));
        List.copyOf(lanes.values()).stream()
                .filter(WindowLane.class::isInstance)
                .forEach(lane -> lane.shelf(0).forEach(action));
    }

    /** No more hits with this key are looked at. */
    void giveUp(String key) {
        givenUp.add(key);
    }

    boolean isGivenUp(String key) {
        return !givenUp.isEmpty() && givenUp.contains(key);
    }
}
