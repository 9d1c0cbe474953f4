package io.helix.sdk.testing.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.api.rule.Condition;
import io.helix.api.rule.IpBlock;
import io.helix.api.rule.ValueTest;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whether an event matches a pattern, by the words of the documentation and without any haste. */
public final class PlainPatterns {
    private PlainPatterns() {}

    public static boolean matches(Condition condition, Event event) {
        ObjectNode envelope = EventFormat.toJson(event);
        envelope.remove("specversion");
        return matches(condition, envelope);
    }

    private static boolean matches(Condition condition, JsonNode envelope) {
        return switch (condition) {
            case Condition.AllOf all -> all.parts().stream().allMatch(part -> matches(part, envelope));
            case Condition.AnyOf any -> any.parts().stream().anyMatch(part -> matches(part, envelope));
            case Condition.Field(List<String> path, List<ValueTest> tests) -> {
                List<JsonNode> values = values(path, envelope);
                yield tests.stream().anyMatch(test -> passes(test, values));
            }
        };
    }

    private static List<JsonNode> values(List<String> path, JsonNode envelope) {
        Stream<JsonNode> found = Stream.of(envelope);
        for (String step : path) {
            found = found.map(node -> node.path(step)).flatMap(PlainPatterns::elements);
        }
        return found.toList();
    }

    private static Stream<JsonNode> elements(JsonNode node) {
        if (node instanceof MissingNode) {
            return Stream.empty();
        }
        return node.isArray() ? node.valueStream().flatMap(PlainPatterns::elements) : Stream.of(node);
    }

    private static boolean passes(ValueTest test, List<JsonNode> values) {
        return switch (test) {
            case ValueTest.Exists exists -> exists.present() != values.isEmpty();
            case ValueTest.AnythingBut but ->
                !values.isEmpty() && but.tests().stream().noneMatch(excluded -> passes(excluded, values));
            case ValueTest.Equal equal -> values.stream().anyMatch(value -> equal(value, equal.value()));
            case ValueTest.NumericRange range -> values.stream().anyMatch(value -> inside(value, range));
            case ValueTest.Prefix(String start, boolean ignoreCase) ->
                someText(values, text -> text.regionMatches(ignoreCase, 0, start, 0, start.length()));
            case ValueTest.Suffix(String end, boolean ignoreCase) ->
                someText(
                        values,
                        text -> text.regionMatches(ignoreCase, text.length() - end.length(), end, 0, end.length()));
            case ValueTest.EqualIgnoreCase equal -> someText(values, equal.text()::equalsIgnoreCase);
            case ValueTest.Wildcard wildcard ->
                someText(values, glob(wildcard.glob()).asMatchPredicate());
            case ValueTest.Cidr cidr ->
                someText(values, IpBlock.parse(cidr.block()).orElseThrow()::contains);
        };
    }

    private static boolean someText(List<JsonNode> values, Predicate<String> test) {
        return values.stream().anyMatch(value -> value.isTextual() && test.test(value.textValue()));
    }

    private static Pattern glob(String glob) {
        StringBuilder regex = new StringBuilder();
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (c == '*') {
                regex.append(Pattern.quote(literal.toString())).append(".*");
                literal.setLength(0);
            } else {
                literal.append(c == '\\' ? glob.charAt(++i) : c);
            }
        }
        return Pattern.compile(regex + Pattern.quote(literal.toString()), Pattern.DOTALL);
    }

    private static boolean equal(JsonNode value, JsonNode wanted) {
        if (value.isNumber() && wanted.isNumber()) {
            return value.decimalValue().compareTo(wanted.decimalValue()) == 0;
        }
        return value.getNodeType() == wanted.getNodeType() && !value.isNumber() && value.equals(wanted);
    }

    private static boolean inside(JsonNode value, ValueTest.NumericRange range) {
        if (!value.isNumber()) {
            return false;
        }
        BigDecimal number = value.decimalValue();
        int low = range.low() == null ? 1 : number.compareTo(range.low());
        int high = range.high() == null ? -1 : number.compareTo(range.high());
        return (low > 0 || low == 0 && range.lowInclusive()) && (high < 0 || high == 0 && range.highInclusive());
    }
}
