package io.helix.drools.situation;

import io.helix.api.situation.Hit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a partition remembers of a rule. */
final class RuleMemory implements Home {
    private static final Hit NO_HIT = new Hit("", "", "", Instant.EPOCH, -1, null, null);

    private final Map<Object, OpenWindow> windows = new HashMap<>();
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

    /** One for facts that make nothing. */
    static RuleMemory barren(Plan plan, Place place) {
        return new RuleMemory(new SituationRule("", plan, match -> false), place);
    }

    /** To be called when its hits with {@code key} are about to be looked for. */
    void expect(String key) {
        if (place != null) {
            place.foresight().expect(this, key);
        }
    }

    HitFact sentinel(int slot) {
        return new HitFact(this, NO_HIT, slot, 0, -1 - slot);
    }

    OpenWindow window(Object id) {
        return windows.computeIfAbsent(id, i -> new OpenWindow(this, i));
    }

    void close(OpenWindow window) {
        windows.remove(window.id());
    }

    @Override
    public RuleMemory memory() {
        return this;
    }

    @Override
    public Shelf shelf(int slot) {
        return shelves.get(slot);
    }

    void keep(HitFact fact) {
        fact.home().shelf(fact.slot()).add(fact);
        size++;
    }

    void forget(HitFact fact) {
        fact.home().shelf(fact.slot()).remove(fact);
        size--;
    }

    int size() {
        return size;
    }

    void forEach(Consumer<HitFact> action) {
        shelves.forEach(shelf -> shelf.forEach(action));
        List.copyOf(windows.values()).forEach(window -> window.shelf(0).forEach(action));
    }

    /** No more hits with this key are looked at. */
    void giveUp(String key) {
        givenUp.add(key);
    }

    boolean isGivenUp(String key) {
        return !givenUp.isEmpty() && givenUp.contains(key);
    }
}
