package io.helix.runtime.document;

import io.helix.api.rule.Condition;
import io.helix.api.rule.ValueTest;
import java.util.List;

/** Whether every event that matches one pattern matches another. {@code true} is certain; {@code false} may be neither. */
final class Implication {
    private static final int MAX_STEPS = 20_000;

    private int steps;

    private Implication() {}

    static boolean holds(Condition narrow, Condition wide) {
        return new Implication().implies(narrow, wide);
    }

    private boolean implies(Condition narrow, Condition wide) {
        steps++;
        if (steps > MAX_STEPS) {
            return false;
        }
        return switch (wide) {
            case Condition.AllOf all -> all.parts().stream().allMatch(part -> implies(narrow, part));
            case Condition.AnyOf any ->
                partsImply(narrow, any) || any.parts().stream().anyMatch(part -> implies(narrow, part));
            case Condition.Field field -> partsImply(narrow, field);
        };
    }

    private boolean partsImply(Condition narrow, Condition wide) {
        return switch (narrow) {
            case Condition.AllOf all -> all.parts().stream().anyMatch(part -> implies(part, wide));
            case Condition.AnyOf any -> any.parts().stream().allMatch(part -> implies(part, wide));
            case Condition.Field field -> wide instanceof Condition.Field other && implies(field, other);
        };
    }

    private boolean implies(Condition.Field narrow, Condition.Field wide) {
        return narrow.path().equals(wide.path()) && narrow.tests().stream().allMatch(test -> impliesSome(test, wide));
    }

    private boolean impliesSome(ValueTest test, Condition.Field wide) {
        steps += wide.tests().size();
        return wide.tests().stream().anyMatch(other -> implies(wide.path(), test, other));
    }

    private static boolean implies(List<String> path, ValueTest narrow, ValueTest wide) {
        return path.getFirst().equals("data") ? TestLogic.implies(narrow, wide) : TestLogic.impliesForOne(narrow, wide);
    }
}
