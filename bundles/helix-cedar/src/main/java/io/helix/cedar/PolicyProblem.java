package io.helix.cedar;

import com.cedarpolicy.model.DetailedError;
import io.helix.api.Problem;

/** One thing wrong in one policy. */
record PolicyProblem(String policyId, Problem problem) {
    static PolicyProblem of(String policyId, String text, DetailedError error) {
        String where = error.sourceLocations.isEmpty()
                ? ""
                : SourcePosition.of(text, error.sourceLocations.get(0).start).toString();
        String label = error.sourceLocations.isEmpty()
                ? ""
                : error.sourceLocations.get(0).label.map(said -> ": " + said).orElse("");
        String help = error.help.map(said -> " (" + said + ")").orElse("");
        return new PolicyProblem(policyId, new Problem(where, error.message + label + help));
    }

    /** For a report about several policies. */
    Problem named() {
        String where = "Policy/" + policyId;
        return new Problem(problem.where().isEmpty() ? where : where + " " + problem.where(), problem.message());
    }
}
