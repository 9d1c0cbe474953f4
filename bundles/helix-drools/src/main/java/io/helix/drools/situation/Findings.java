package io.helix.drools.situation;

import io.helix.api.situation.Match;
import io.helix.api.situation.SituationSession.Fault;
import java.util.ArrayList;
import java.util.List;

/** What was found since it was last taken. */
final class Findings {
    private final List<Match> matches = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();

    void match(Match match) {
        matches.add(match);
    }

    void fault(String rule, String reason) {
        faults.add(new Fault(rule, reason));
    }

    void moveTo(Findings other) {
        other.matches.addAll(matches);
        other.faults.addAll(faults);
        matches.clear();
        faults.clear();
    }

    List<Match> matches() {
        return matches;
    }

    List<Fault> faults() {
        return faults;
    }
}
