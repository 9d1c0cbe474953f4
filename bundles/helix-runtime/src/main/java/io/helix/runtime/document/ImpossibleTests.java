package io.helix.runtime.document;

import io.helix.api.rule.Condition;
import io.helix.api.rule.ValueTest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Tests that no event passes, whatever else is asked. */
final class ImpossibleTests {
    private static final Set<String> REQUIRED = Set.of("id", "source", "type", "time");
    private static final Pattern TYPE_CHARACTERS = Pattern.compile("[A-Za-z0-9._-]*");
    private static final int MAX_TYPE = 255;

    private ImpossibleTests() {}

    static String why(Condition.Field field) {
        return field.tests().stream()
                .flatMap(test -> why(field.path(), test).stream())
                .findFirst()
                .orElse(field.dottedPath() + " has no alternatives");
    }

    /** Empty when some event may pass. */
    static Optional<String> why(List<String> path, ValueTest test) {
        if (test instanceof ValueTest.NumericRange range && TestLogic.isEmpty(range)) {
            return Optional.of(String.join(".", path) + ": " + PatternText.of(test) + " is an empty range");
        }
        String name = path.getFirst();
        return name.equals("data") ? Optional.empty() : ofAttribute(name, test);
    }

    private static Optional<String> ofAttribute(String name, ValueTest test) {
        if (isNoText(test)) {
            return Optional.of(name + " is text and never " + PatternText.of(test));
        }
        if (REQUIRED.contains(name) && test.equals(new ValueTest.Exists(false))) {
            return Optional.of("every event has " + name);
        }
        return name.equals("type") ? ofType(test) : Optional.empty();
    }

    private static boolean isNoText(ValueTest test) {
        return test instanceof ValueTest.NumericRange
                || test instanceof ValueTest.Equal equal && !equal.value().isTextual();
    }

    /** Case is ignored by more characters than one thinks: a long s is an s. */
    private static Optional<String> ofType(ValueTest test) {
        return TextShape.of(test)
                .filter(shape -> !shape.ignoreCase() && !possibleType(shape))
                .map(shape -> "no event has the type " + PatternText.of(test)
                        + ": types are letters, digits, '.', '_' and '-'" + advice(test));
    }

    private static boolean possibleType(TextShape shape) {
        return possiblePart(shape.head())
                && possiblePart(shape.tail())
                && !shape.head().startsWith(".")
                && !shape.tail().endsWith(".")
                && !(shape.whole() && shape.head().isEmpty());
    }

    private static boolean possiblePart(String part) {
        return part.length() <= MAX_TYPE && TYPE_CHARACTERS.matcher(part).matches() && !part.contains("..");
    }

    private static String advice(ValueTest test) {
        return test instanceof ValueTest.Equal equal && equal.value().asText().contains("*")
                ? "; a star is read as one in {wildcard: " + equal.value() + "}"
                : "";
    }
}
