package io.helix.drools.situation;

import io.helix.api.situation.Match;
import io.helix.api.situation.SituationEngine.Limits;

/** Decides whether a match is made, and gives up what takes too much. */
final class Verdicts {
    private final Findings findings;
    private final Limits limits;

    Verdicts(Findings findings, Limits limits) {
        this.findings = findings;
        this.limits = limits;
    }

    boolean accept(Lane lane, Match match) {
        SituationRule rule = lane.memory().rule();
        if (lane.memory().isGivenUp(lane.key())) {
            return false;
        }
        boolean accepted = false;
        try {
            accepted = rule.filter().test(match);
        } catch (RuntimeException e) {
            giveUp(lane, "its filter failed: " + e);
        }
        if (accepted) {
            findings.match(match);
        }
        return accepted;
    }

    void tooManyCandidates(Lane lane) {
        giveUp(lane, "a hit makes more than " + limits.candidates() + " candidates");
    }

    /** To be called when a hit was added. */
    void checkSize(Lane lane) {
        if (lane.size() > limits.hits()) {
            giveUp(lane, tooManyHits(limits));
        }
    }

    static String tooManyHits(Limits limits) {
        return "it keeps more than " + limits.hits() + " hits";
    }

    private void giveUp(Lane lane, String reason) {
        lane.memory().giveUp(lane.key());
        findings.fault(lane.memory().rule().name(), reason);
    }
}
