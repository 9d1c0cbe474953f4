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
    static final Check ALWAYS = view -> true;

    private final Slots slots;
    private final List<List<String>> paths = new ArrayList<>();

    Checks(Slots slots) {
        this.slots = slots;
    }

    /** The paths acquired so far, to be released when the rule goes. */
    List<List<String>> paths() {
        return List.copyOf(paths);
    }

    /** The slot of a path that the rule looks at. */
    int acquire(List<String> path) {
        paths.add(path);
        return slots.acquire(path);
    }

    /** A check of each condition, the cheap ones first. */
    List<Check> each(List<Condition> conditions) {
        return conditions.stream()
                .sorted(Comparator.comparingInt(Checks::cost))
                .map(this::compile)
                .toList();
    }

    private static int cost(Condition condition) {
        return switch (condition) {
            case Condition.Field field -> texts(field.tests()).isEmpty() ? 1 : 0;
            case Condition.AllOf all -> 2;
            case Condition.AnyOf any -> 3;
        };
    }

    private Check compile(Condition condition) {
        return switch (condition) {
            case Condition.AllOf all -> all(each(all.parts()));
            case Condition.AnyOf any -> any(any.parts());
            case Condition.Field field -> field(field);
        };
    }

    /** True if every check is. */
    static Check all(List<Check> parts) {
        Check[] checks = parts.toArray(Check[]::new);
        return switch (checks.length) {
            case 0 -> ALWAYS;
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
        int slot = acquire(field.path());
        Set<String> texts = texts(field.tests());
        return switch (texts.size()) {
            case 0 -> FieldCheck.of(slot, field.tests());
            case 1 -> new TextEquals(slot, texts.iterator().next());
            default -> new TextIn(slot, texts);
        };
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

    /** @param hash of {@code wanted}: nearly all texts differ in it, and then {@code wanted} is not fetched */
    private record TextEquals(int slot, int hash, String wanted) implements Check {
        TextEquals(int slot, String wanted) {
            this(slot, wanted.hashCode(), wanted);
        }

        @Override
        public boolean test(View view) {
            Slot values = view.slot(slot);
            return values.count() == 1 ? values.value(0).isText(wanted, hash) : values.hasText(wanted);
        }
    }

    private record TextIn(int slot, int[] hashes, String[] wanted) implements Check {
        TextIn(int slot, Set<String> wanted) {
            this(slot, wanted.stream().mapToInt(String::hashCode).toArray(), wanted.toArray(String[]::new));
        }

        @Override
        public boolean test(View view) {
            Slot values = view.slot(slot);
            return values.count() == 1 ? isOne(values.value(0)) : isAny(values);
        }

        private boolean isOne(Value value) {
            for (int i = 0; i < hashes.length; i++) {
                if (value.isText(wanted[i], hashes[i])) {
                    return true;
                }
            }
            return false;
        }

        private boolean isAny(Slot values) {
            for (String text : wanted) {
                if (values.hasText(text)) {
                    return true;
                }
            }
            return false;
        }
    }
}
