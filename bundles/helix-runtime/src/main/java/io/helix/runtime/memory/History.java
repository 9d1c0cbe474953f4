package io.helix.runtime.memory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.expression.Evaluation;
import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import java.util.ArrayList;
import java.util.List;

/** What happened inside a memory during a rehearsal. Keeps the newest of what would be too much. */
final class History implements RuleMemory.Watcher {
    private static final int MOST = 100_000;

    /** @param facts what held when it was evaluated */
    record Candidate(Match match, ObjectNode facts, Evaluation where) {}

    record Matched(Match match, boolean fires) {}

    private final List<Hit> hits = new ArrayList<>();
    private final List<Hit> late = new ArrayList<>();
    private final List<Candidate> candidates = new ArrayList<>();
    private final List<Matched> matches = new ArrayList<>();
    private final List<Firing> firings = new ArrayList<>();

    @Override
    public void hit(Hit hit) {
        add(hits, hit);
    }

    @Override
    public void late(Hit hit) {
        add(late, hit);
    }

    @Override
    public void candidate(Match match, ObjectNode facts, Evaluation where) {
        add(candidates, new Candidate(match, facts, where));
    }

    @Override
    public void match(Match match, boolean fires) {
        add(matches, new Matched(match, fires));
    }

    @Override
    public void fired(Firing firing) {
        add(firings, firing);
    }

    private static <T> void add(List<T> list, T item) {
        if (list.size() >= MOST) {
            list.subList(0, MOST / 2).clear();
        }
        list.add(item);
    }

    List<Hit> hits() {
        return hits;
    }

    List<Hit> late() {
        return late;
    }

    List<Candidate> candidates() {
        return candidates;
    }

    List<Matched> matches() {
        return matches;
    }

    List<Firing> firings() {
        return firings;
    }
}
