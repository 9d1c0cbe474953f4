package io.helix.runtime.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.helix.api.rule.Condition;
import io.helix.api.rule.ValueTest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Patterns as text, close to how rules write them. Patterns that differ in order alone have the same canonical text. */
final class PatternText {
    private static final int SHOWN = 4;

    private PatternText() {}

    static String canonical(Condition condition) {
        return switch (condition) {
            case Condition.AllOf all -> joined("all", parts(all));
            case Condition.AnyOf any -> joined("any", parts(any));
            case Condition.Field field ->
                field.path().stream().map(TextNode::valueOf).toList()
                        + sorted(field.tests().stream().map(PatternText::of)).toString();
        };
    }

    private static String joined(String word, List<String> parts) {
        return parts.size() == 1 ? parts.getFirst() : word + parts;
    }

    private static List<String> parts(Condition.AllOf all) {
        return sorted(all.parts().stream()
                .flatMap(part -> part instanceof Condition.AllOf inner ? parts(inner).stream() : one(part)));
    }

    private static List<String> parts(Condition.AnyOf any) {
        return sorted(any.parts().stream()
                .flatMap(part -> part instanceof Condition.AnyOf inner ? parts(inner).stream() : one(part)));
    }

    private static Stream<String> one(Condition part) {
        return Stream.of(canonical(part));
    }

    private static List<String> sorted(Stream<String> texts) {
        return texts.distinct().sorted().toList();
    }

    /** For people: {@code data.state: ["open", {prefix: "re"}]}, with an end to long lists. */
    static String of(Condition.Field field) {
        List<String> shown = new ArrayList<>(
                field.tests().stream().limit(SHOWN).map(PatternText::of).toList());
        if (field.tests().size() > SHOWN) {
            shown.add("... " + (field.tests().size() - SHOWN) + " more");
        }
        return field.dottedPath() + ": " + shown;
    }

    static String of(ValueTest test) {
        return switch (test) {
            case ValueTest.Equal equal -> of(equal.value());
            case ValueTest.AnythingBut but ->
                "{anything-but: " + sorted(but.tests().stream().map(PatternText::of)) + "}";
            case ValueTest.Prefix prefix -> affix("prefix", prefix.text(), prefix.ignoreCase());
            case ValueTest.Suffix suffix -> affix("suffix", suffix.text(), suffix.ignoreCase());
            case ValueTest.EqualIgnoreCase equal -> "{equals-ignore-case: " + quoted(equal.text()) + "}";
            case ValueTest.Wildcard wildcard -> "{wildcard: " + quoted(wildcard.glob()) + "}";
            case ValueTest.NumericRange range -> of(range);
            case ValueTest.Exists exists -> "{exists: " + exists.present() + "}";
            case ValueTest.Cidr cidr -> "{cidr: " + cidr.block() + "}";
        };
    }

    private static String of(JsonNode value) {
        boolean exact = value.isIntegralNumber() || value.isBigDecimal() || Double.isFinite(value.doubleValue());
        return value.isNumber() && exact ? of(value.decimalValue()) : value.toString();
    }

    private static String of(BigDecimal number) {
        return number.stripTrailingZeros().toString();
    }

    private static String affix(String operator, String text, boolean ignoreCase) {
        return "{" + operator + ": " + (ignoreCase ? "{equals-ignore-case: " + quoted(text) + "}" : quoted(text)) + "}";
    }

    private static String of(ValueTest.NumericRange range) {
        List<String> bounds = Stream.concat(
                        bound("gt", range.low(), range.lowInclusive()),
                        bound("lt", range.high(), range.highInclusive()))
                .toList();
        return "{" + String.join(", ", bounds) + "}";
    }

    private static Stream<String> bound(String operator, @Nullable BigDecimal number, boolean inclusive) {
        return number == null ? Stream.empty() : Stream.of(operator + (inclusive ? "e: " : ": ") + of(number));
    }

    private static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }
}
