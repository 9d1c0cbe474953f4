package io.helix.drools;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.rule.Condition;
import io.helix.api.rule.ValueTest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Compiles conditions, and remembers the paths they look at. */
final class Checks {
    private final Slots slots;
    private final List<List<String>> paths = new ArrayList<>();

    Checks(Slots slots) {
        this.slots = slots;
    }

    /** The paths acquired so far, to be released when the rule goes. */
    List<List<String>> paths() {
        return paths;
    }

    Check compile(Condition condition) {
        return switch (condition) {
            case Condition.AllOf all -> all(all.parts());
            case Condition.AnyOf any -> any(any.parts());
            case Condition.Field field -> field(field);
        };
    }

    /** True if every condition is; the cheap ones are asked first. */
    Check all(List<Condition> parts) {
        Check[] checks = parts.stream()
                .sorted(Comparator.comparingInt(Checks::cost))
                .map(this::compile)
                .toArray(Check[]::new);
        return switch (checks.length) {
            case 0 -> view -> true;
            case 1 -> checks[0];
            default ->
                view -> {
                    for (Check check : checks) {
                        if (!check.test(view)) {
                            return false;
                        }
                    }
                    return true;
                };
        };
    }

    private static int cost(Condition condition) {
        return switch (condition) {
            case Condition.Field field -> texts(field.tests()).isEmpty() ? 1 : 0;
            case Condition.AllOf all -> 2;
            case Condition.AnyOf any -> 3;
        };
    }

    private Check any(List<Condition> parts) {
        Check[] checks = parts.stream().map(this::compile).toArray(Check[]::new);
        return view -> {
            for (Check check : checks) {
                if (check.test(view)) {
                    return true;
                }
            }
            return false;
        };
    }

    private Check field(Condition.Field field) {
        int slot = slots.acquire(field.path());
        paths.add(field.path());
        Set<String> texts = texts(field.tests());
        if (texts.size() == 1) {
            return new TextEquals(slot, texts.iterator().next());
        }
        return texts.isEmpty() ? FieldCheck.of(slot, field.tests()) : new TextIn(slot, texts);
    }

    /** The alternatives, if all of them are strings to be equal to; else empty. */
    private static Set<String> texts(List<ValueTest> tests) {
        boolean onlyTexts = tests.stream()
                .allMatch(t -> t instanceof ValueTest.Equal e && e.value().isTextual());
        return !onlyTexts
                ? Set.of()
                : tests.stream()
                        .map(t -> ((ValueTest.Equal) t).value())
                        .map(JsonNode::textValue)
                        .collect(Collectors.toUnmodifiableSet());
    }

    private record TextEquals(int slot, String wanted) implements Check {
        @Override
        public boolean test(View view) {
            return view.slot(slot).hasText(wanted);
        }
    }

    private record TextIn(int slot, Set<String> wanted) implements Check {
        @Override
        public boolean test(View view) {
            Slot values = view.slot(slot);
            if (values.count() > 1) {
                return wanted.stream().anyMatch(values::hasText);
            }
            String text = values.count() == 0 ? null : values.value(0).text();
            return text != null && wanted.contains(text);
        }
    }
}
