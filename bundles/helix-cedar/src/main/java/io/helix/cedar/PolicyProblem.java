package io.helix.cedar;

import com.cedarpolicy.model.DetailedError;
import io.helix.api.Problem;

/** One thing wrong in one policy document. */
record PolicyProblem(String documentId, Problem problem) {
    static PolicyProblem of(String documentId, Statement statement, DetailedError error) {
        String where = error.sourceLocations.isEmpty()
                ? statement.place()
                : statement.place(error.sourceLocations.get(0).start);
        String label = error.sourceLocations.isEmpty()
                ? ""
                : error.sourceLocations.get(0).label.map(said -> ": " + said).orElse("");
        String help = error.help.map(said -> " (" + said + ")").orElse("");
        return new PolicyProblem(documentId, new Problem(where, error.message + label + help));
    }

    /** The same document, but not this problem. */
    PolicyProblem instead(String message) {
        return new PolicyProblem(documentId, new Problem("", message));
    }

    /** For a report about several policies. */
    Problem named() {
        String where = "Policy/" + documentId;
        return new Problem(problem.where().isEmpty() ? where : where + " " + problem.where(), problem.message());
    }
}
