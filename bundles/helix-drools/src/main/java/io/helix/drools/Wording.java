package io.helix.drools;

import io.helix.api.rule.Condition;
import io.helix.api.rule.ValueTest;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says conditions in the words of the rule. */
final class Wording {
    private Wording() {}

    static String of(Condition condition) {
        return switch (condition) {
            case Condition.Field field -> field.dottedPath() + " " + of(field.tests());
            case Condition.AllOf all -> join(all.parts(), " and ", "anything");
            case Condition.AnyOf any -> join(any.parts(), " or ", "nothing");
        };
    }

    private static String join(List<Condition> parts, String word, String none) {
        String joined = parts.stream().map(Wording::of).collect(Collectors.joining(word));
        return parts.isEmpty() ? none : parts.size() == 1 ? joined : "(" + joined + ")";
    }

    static String of(List<ValueTest> tests) {
        return tests.stream().map(Wording::of).collect(Collectors.joining(" or "));
    }

    private static String of(ValueTest test) {
        return switch (test) {
            case ValueTest.Equal equal -> "equals " + equal.value();
            case ValueTest.AnythingBut but ->
                "anything-but " + but.tests().stream().map(Wording::of).collect(Collectors.joining(", "));
            case ValueTest.Prefix prefix -> text("prefix", prefix.text(), prefix.ignoreCase());
            case ValueTest.Suffix suffix -> text("suffix", suffix.text(), suffix.ignoreCase());
            case ValueTest.EqualIgnoreCase equal -> text("equals", equal.text(), true);
            case ValueTest.Wildcard wildcard -> text("wildcard", wildcard.glob(), false);
            case ValueTest.NumericRange range -> range(range);
            case ValueTest.Exists exists -> exists.present() ? "exists" : "does not exist";
            case ValueTest.Cidr cidr -> "cidr " + cidr.block();
        };
    }

    private static String text(String operator, String text, boolean ignoreCase) {
        return operator + " \"" + text + "\"" + (ignoreCase ? " ignoring case" : "");
    }

    private static String range(ValueTest.NumericRange range) {
        Stream<String> low =
                range.low() == null ? Stream.empty() : Stream.of((range.lowInclusive() ? ">= " : "> ") + range.low());
        Stream<String> high = range.high() == null
                ? Stream.empty()
                : Stream.of((range.highInclusive() ? "<= " : "< ") + range.high());
        String bounds = Stream.concat(low, high).collect(Collectors.joining(" and "));
        return bounds.isEmpty() ? "any number" : bounds;
    }
}
