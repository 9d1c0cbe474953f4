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

    boolean accept(RuleMemory memory, Match match) {
        if (memory.isGivenUp(match.key())) {
            return false;
        }
        boolean accepted = false;
        try {
            accepted = memory.rule().filter().test(match);
        } catch (RuntimeException e) {
            giveUp(memory, match.key(), "its filter failed: " + e);
        }
        if (accepted) {
            findings.match(match);
        }
        return accepted;
    }

    void tooManyCandidates(RuleMemory memory, String key) {
        giveUp(memory, key, "a hit makes more than " + limits.candidates() + " candidates");
    }

    static String tooManyHits(Limits limits) {
        return "it keeps more than " + limits.hits() + " hits";
    }

    private void giveUp(RuleMemory memory, String key, String reason) {
        memory.giveUp(key);
        findings.fault(memory.rule().name(), reason);
    }
}
