package io.helix.runtime.document;

import io.helix.api.rule.Condition;
import io.helix.api.rule.ValueTest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out that no event can match. What it finds is so; it does not find everything, and gives up on patterns that
 * would take long.
 */
final class Contradictions {
    private static final int MAX_COMPARISONS = 200_000;

    /** Whether every path is taken to hold at most one value; only attributes certainly do. */
    private final boolean single;

    private int comparisons;

    private Contradictions(boolean single) {
        this.single = single;
    }

    /** Why no event at all matches. */
    static Optional<String> in(Condition condition) {
        return new Contradictions(false).find(List.of(), condition);
    }

    /** Why no event matches in which every path leads to one value; an event with lists may. */
    static Optional<String> withoutLists(Condition condition) {
        return new Contradictions(true).find(List.of(), condition);
    }

    /** @param known what holds besides */
    private Optional<String> find(List<Condition.Field> known, Condition condition) {
        List<Condition.Field> fields = new ArrayList<>(known);
        List<Condition.AnyOf> choices = new ArrayList<>();
        collect(condition, fields, choices);
        return fields.stream()
                .flatMap(field -> refuted(field, fields).stream())
                .findFirst()
                .or(() -> choices.stream()
                        .flatMap(choice -> refuted(fields, choice).stream())
                        .findFirst());
    }

    private static void collect(Condition condition, List<Condition.Field> fields, List<Condition.AnyOf> choices) {
        switch (condition) {
            case Condition.AllOf all -> all.parts().forEach(part -> collect(part, fields, choices));
            case Condition.AnyOf any
            when any.parts().size() == 1 -> collect(any.parts().getFirst(), fields, choices);
            case Condition.AnyOf any -> choices.add(any);
            case Condition.Field field -> fields.add(field);
        }
    }

    private Optional<String> refuted(List<Condition.Field> known, Condition.AnyOf choice) {
        if (choice.parts().isEmpty()) {
            return Optional.of("there is an $or without alternatives");
        }
        List<String> reasons = new ArrayList<>();
        for (Condition part : choice.parts()) {
            Optional<String> reason = find(known, part);
            if (reason.isEmpty()) {
                return Optional.empty();
            }
            reasons.add(reason.get());
        }
        return Optional.of("no alternative of an $or can hold; of the first, " + reasons.getFirst());
    }

    /** Whether each test of a field is impossible, or excluded by one of the others. */
    private Optional<String> refuted(Condition.Field field, List<Condition.Field> fields) {
        Set<Condition.Field> opponents = new LinkedHashSet<>();
        for (ValueTest test : field.tests()) {
            if (ImpossibleTests.why(field.path(), test).isEmpty()) {
                Optional<Condition.Field> opponent = fields.stream()
                        .filter(other -> excludes(other, field.path(), test))
                        .findFirst();
                if (opponent.isEmpty()) {
                    return Optional.empty();
                }
                opponents.add(opponent.get());
            }
        }
        return Optional.of(opponents.isEmpty() ? ImpossibleTests.why(field) : clash(field, opponents));
    }

    private static String clash(Condition.Field field, Set<Condition.Field> opponents) {
        List<String> others = opponents.stream().map(PatternText::of).toList();
        return PatternText.of(field) + " excludes " + String.join(" and ", others)
                + "; keep one of them, or make them alternatives in one list";
    }

    private boolean excludes(Condition.Field other, List<String> path, ValueTest test) {
        return !other.tests().isEmpty()
                && related(other.path(), path)
                && other.tests().stream().allMatch(opponent -> excludes(other.path(), opponent, path, test));
    }

    private static boolean related(List<String> a, List<String> b) {
        int common = Math.min(a.size(), b.size());
        return a.subList(0, common).equals(b.subList(0, common));
    }

    private boolean excludes(List<String> path, ValueTest a, List<String> otherPath, ValueTest b) {
        comparisons++;
        if (comparisons > MAX_COMPARISONS) {
            return false;
        }
        if (!path.equals(otherPath)) {
            return path.size() < otherPath.size() ? nothingBelow(a, b) : nothingBelow(b, a);
        }
        return single || !path.getFirst().equals("data") ? TestLogic.excludeForOne(a, b) : TestLogic.exclude(a, b);
    }

    private static boolean nothingBelow(ValueTest above, ValueTest below) {
        ValueTest absent = new ValueTest.Exists(false);
        return above.equals(absent) && !below.equals(absent);
    }
}
