package io.helix.drools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.helix.api.event.Event;
import io.helix.api.rule.Condition;
import io.helix.api.rule.IpBlock;
import io.helix.api.rule.ValueTest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pattern means, said as plainly as possible and slowly. Explains matches, and is what the network is tested
 * against; it shares no code with the network.
 */
final class PlainEvaluator {
    private PlainEvaluator() {}

    static boolean matches(Condition condition, Event event) {
        return switch (condition) {
            case Condition.AllOf all -> all.parts().stream().allMatch(part -> matches(part, event));
            case Condition.AnyOf any -> any.parts().stream().anyMatch(part -> matches(part, event));
            case Condition.Field field -> anyTestPasses(field, values(field.path(), event));
        };
    }

    static boolean anyTestPasses(Condition.Field field, List<JsonNode> values) {
        return field.tests().stream().anyMatch(test -> passes(test, values));
    }

    /** The values at a path; arrays stand for their elements. */
    static List<JsonNode> values(List<String> path, Event event) {
        if (path.isEmpty()) {
            return List.of();
        }
        JsonNode start = path.get(0).equals("data") ? event.data() : attribute(path.get(0), event);
        List<JsonNode> values = start == null ? List.of() : flatten(List.of(start));
        for (String step : path.subList(1, path.size())) {
            List<JsonNode> below = new ArrayList<>();
            for (JsonNode value : values) {
                if (value.has(step)) {
                    below.add(value.get(step));
                }
            }
            values = flatten(below);
        }
        return values;
    }

    private static @Nullable JsonNode attribute(String name, Event event) {
        String text = switch (name) {
            case "id" -> event.id();
            case "source" -> event.source();
            case "type" -> event.type();
            case "subject" -> event.subject();
            case "time" -> event.time().toString();
            default -> event.extensions().get(name);
        };
        return text == null ? null : TextNode.valueOf(text);
    }

    private static List<JsonNode> flatten(List<JsonNode> nodes) {
        List<JsonNode> flat = nodes;
        while (flat.stream().anyMatch(JsonNode::isArray)) {
            List<JsonNode> next = new ArrayList<>();
            for (JsonNode node : flat) {
                if (node.isArray()) {
                    node.forEach(next::add);
                } else {
                    next.add(node);
                }
            }
            flat = next;
        }
        return flat.stream().filter(node -> !node.isMissingNode()).toList();
    }

    private static boolean passes(ValueTest test, List<JsonNode> values) {
        return switch (test) {
            case ValueTest.Exists exists -> exists.present() != values.isEmpty();
            case ValueTest.AnythingBut but ->
                !values.isEmpty() && but.tests().stream().noneMatch(excluded -> passes(excluded, values));
            case ValueTest.Equal equal -> values.stream().anyMatch(value -> equal(value, equal.value()));
            case ValueTest.NumericRange range -> values.stream().anyMatch(value -> inside(value, range));
            case ValueTest.Prefix prefix ->
                anyText(
                        values,
                        text -> text.regionMatches(
                                prefix.ignoreCase(),
                                0,
                                prefix.text(),
                                0,
                                prefix.text().length()));
            case ValueTest.Suffix suffix ->
                anyText(
                        values,
                        text -> text.regionMatches(
                                suffix.ignoreCase(),
                                text.length() - suffix.text().length(),
                                suffix.text(),
                                0,
                                suffix.text().length()));
            case ValueTest.EqualIgnoreCase equal -> anyText(values, equal.text()::equalsIgnoreCase);
            case ValueTest.Wildcard wildcard -> anyText(values, text -> wildcard(wildcard.glob(), text));
            case ValueTest.Cidr cidr ->
                anyText(
                        values,
                        text -> IpBlock.parse(cidr.block())
                                .filter(block -> block.contains(text))
                                .isPresent());
        };
    }

    private static boolean anyText(List<JsonNode> values, java.util.function.Predicate<String> test) {
        return values.stream().anyMatch(value -> value.isTextual() && test.test(value.textValue()));
    }

    private static boolean equal(JsonNode value, JsonNode wanted) {
        BigDecimal number = number(value);
        BigDecimal wantedNumber = number(wanted);
        if (number != null && wantedNumber != null) {
            return number.compareTo(wantedNumber) == 0;
        }
        return value.isTextual() && wanted.isTextual() && value.textValue().equals(wanted.textValue())
                || value.isBoolean() && wanted.isBoolean() && value.booleanValue() == wanted.booleanValue()
                || value.isNull() && wanted.isNull();
    }

    private static boolean inside(JsonNode value, ValueTest.NumericRange range) {
        BigDecimal number = number(value);
        if (number == null) {
            return false;
        }
        int low = range.low() == null ? 1 : number.compareTo(range.low());
        int high = range.high() == null ? -1 : number.compareTo(range.high());
        return (low > 0 || low == 0 && range.lowInclusive()) && (high < 0 || high == 0 && range.highInclusive());
    }

    private static @Nullable BigDecimal number(JsonNode value) {
        try {
            return value.isNumber() ? value.decimalValue() : null;
        } catch (NumberFormatException notFinite) {
            return null;
        }
    }

    /** Row by row: whether the first i characters of the glob cover the first j of the text. */
    private static boolean wildcard(String glob, String text) {
        boolean[] covered = new boolean[text.length() + 1];
        covered[0] = true;
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            boolean[] next = new boolean[covered.length];
            if (c == '*') {
                next[0] = covered[0];
                for (int j = 1; j < next.length; j++) {
                    next[j] = next[j - 1] || covered[j];
                }
            } else {
                char literal = c == '\\' && i + 1 < glob.length() ? glob.charAt(++i) : c;
                for (int j = 1; j < next.length; j++) {
                    next[j] = covered[j - 1] && text.charAt(j - 1) == literal;
                }
            }
            covered = next;
        }
        return covered[text.length()];
    }
}
