package io.helix.cedar;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helix.api.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A policy document that has been read but not validated.
 *
 * @param readable false when Cedar refused several statements as a whole
 */
record PolicyText(String id, String text, List<Statement> statements, boolean readable) {
    static final int MAX_CHARACTERS = 65_536;
    static final int MAX_STATEMENTS = 100;
    static final int MAX_DEPTH = 32;
    static final int MAX_OPERATORS = 250;

    PolicyText {
        statements = List.copyOf(statements);
    }

    /** @param sources of the statements, in their order */
    static PolicyText of(String id, String text, List<String> sources) {
        return new PolicyText(
                id, text, sources.size() < 2 ? List.of(Statement.only(id, text)) : placed(id, text, sources), true);
    }

    PolicyText unreadable() {
        return new PolicyText(id, text, statements, false);
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
            problems.add(problem("", "ids that begin with '" + BundledPolicies.RESERVED + "' are of Helix"));
        }
        problems.addAll(unfit());
        return problems;
    }

    /** Why Cedar must not see the text: it would end the server, or read something else than is written. */
    List<PolicyProblem> unfit() {
        if (text.length() > MAX_CHARACTERS) {
            return List.of(problem("", over("has", text.length(), "characters", MAX_CHARACTERS)));
        }
        if (statements.size() > MAX_STATEMENTS) {
            return List.of(problem(
                    "",
                    over("has", statements.size(), "statements", MAX_STATEMENTS) + ": make several documents of it"));
        }
        List<PolicyProblem> problems = new ArrayList<>();
        unpaired().ifPresent(at -> problems.add(unpaired(at)));
        statements.forEach(statement -> problems.addAll(tooComplex(statement)));
        return problems;
    }

    private List<PolicyProblem> tooComplex(Statement statement) {
        Complexity complexity = Complexity.of(statement.source());
        List<PolicyProblem> problems = new ArrayList<>();
        if (complexity.depth() > MAX_DEPTH) {
            problems.add(problem(
                    statement.place(), over("nests brackets and 'if'", complexity.depth(), "levels deep", MAX_DEPTH)));
        }
        if (complexity.operators() > MAX_OPERATORS) {
            problems.add(problem(
                    statement.place(),
                    over("has", complexity.operators(), "operators and brackets", MAX_OPERATORS)
                            + ": make several statements of it"));
        }
        return problems;
    }

    private static String over(String has, int number, String what, int allowed) {
        return has + " " + number + " " + what + "; " + allowed + " are allowed";
    }

    private OptionalInt unpaired() {
        return IntStream.range(0, text.length()).filter(this::isUnpaired).findFirst();
    }

    private boolean isUnpaired(int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }

    private PolicyProblem unpaired(int at) {
        int before = text.substring(0, at).getBytes(UTF_8).length;
        return problem(SourcePosition.of(text, before).toString(), "U+%04X is one half of a character".formatted((int)
                        text.charAt(at)));
    }

    PolicyProblem problem(String where, String message) {
        return new PolicyProblem(id, new Problem(where, message));
    }
}
