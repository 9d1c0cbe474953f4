package io.helix.cedar;

import io.helix.api.Problem;
import java.util.ArrayList;
import java.util.List;

/** A policy document that has been read but not validated. */
record PolicyText(String id, String text, List<Statement> statements) {
    static final int MAX_STATEMENTS = 100;

    PolicyText {
        statements = List.copyOf(statements);
    }

    /** @param sources of the statements, in their order */
    static PolicyText of(String id, String text, List<String> sources) {
        return new PolicyText(
                id, text, sources.size() < 2 ? List.of(Statement.only(id, text)) : placed(id, text, sources));
    }

    private static List<Statement> placed(String id, String text, List<String> sources) {
        List<Statement> statements = new ArrayList<>();
        int end = 0;
        for (String source : sources) {
            int start = StatementCutter.skipBlank(text, end);
            statements.add(Statement.oneOfSeveral(id, statements.size() + 1, source, text, start));
            end = Math.min(start + source.length(), text.length());
        }
        return statements;
    }

    /** What can be said without Cedar. */
    List<PolicyProblem> problems() {
        List<PolicyProblem> problems = new ArrayList<>();
        if (id.startsWith(BundledPolicies.RESERVED)) {
            problems.add(problem("ids that begin with '" + BundledPolicies.RESERVED + "' are of Helix"));
        }
        if (statements.size() > MAX_STATEMENTS) {
            problems.add(problem("has " + statements.size() + " statements; " + MAX_STATEMENTS
                    + " are allowed: make several documents of it"));
        }
        return problems;
    }

    private PolicyProblem problem(String message) {
        return new PolicyProblem(id, new Problem("", message));
    }
}
