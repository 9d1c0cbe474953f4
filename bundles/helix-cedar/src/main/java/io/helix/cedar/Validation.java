package io.helix.cedar;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Finds what is wrong in which statement. A call of Cedar costs much more than one more statement in it, and does not
 * say in which of several a syntax error is; so those that do not pass together are halved and asked again.
 */
final class Validation {
    private final Predicate<List<Statement>> passes;
    private final Function<Asked, List<PolicyProblem>> judge;
    private final ProblemList problems = new ProblemList();

    record Asked(PolicyText text, Statement statement) {}

    /** @param judge for one that does not pass */
    Validation(Predicate<List<Statement>> passes, Function<Asked, List<PolicyProblem>> judge) {
        this.passes = passes;
        this.judge = judge;
    }

    List<PolicyProblem> of(Collection<PolicyText> texts) {
        search(texts.stream()
                .flatMap(text -> text.statements().stream().map(one -> new Asked(text, one)))
                .toList());
        texts.stream()
                .filter(text -> !text.readable() && !problems.has(text.id()))
                .forEach(text -> problems.addAll(List.of(text.problem("", "the text as a whole cannot be read"))));
        return problems.shown();
    }

    private void search(List<Asked> all) {
        List<Asked> asked =
                all.stream().filter(one -> problems.wants(one.text().id())).toList();
        if (asked.isEmpty() || passes.test(asked.stream().map(Asked::statement).toList())) {
            return;
        }
        if (asked.size() == 1) {
            problems.addAll(judge.apply(asked.getFirst()));
            return;
        }
        int half = asked.size() / 2;
        search(asked.subList(0, half));
        search(asked.subList(half, asked.size()));
    }
}
