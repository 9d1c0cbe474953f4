package io.helix.api.rule;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Reads what stands at the leaves of a pattern: alternatives, each a scalar or one operator. */
final class ValueTestParser {
    static final int MAX_ALTERNATIVES = 200;
    static final int MAX_WILDCARD = 256;

    private static final Set<String> BOUNDS = Set.of("gt", "gte", "lt", "lte");
    private static final List<String> TEXT_OPERATORS = List.of("prefix", "suffix", "wildcard", "equals-ignore-case");
    private static final List<String> OPERATORS = List.of(
            "anything-but",
            "prefix",
            "suffix",
            "equals-ignore-case",
            "wildcard",
            "numeric",
            "gt",
            "gte",
            "lt",
            "lte",
            "exists",
            "cidr");

    private final List<Problem> problems;

    ValueTestParser(List<Problem> problems) {
        this.problems = problems;
    }

    /** Whether an object is an alternative and not a level of the payload. */
    static boolean isOperators(JsonNode object) {
        return !object.isEmpty() && object.propertyStream().allMatch(e -> isOperator(e.getKey(), e.getValue()));
    }

    /** What takes no list is a field of that name when a list stands there. */
    private static boolean isOperator(String name, JsonNode value) {
        boolean takesList = name.equals("anything-but") || name.equals("numeric");
        return OPERATORS.contains(name) && (takesList || !value.isArray());
    }

    List<ValueTest> alternatives(JsonNode leaf, String where) {
        List<ValueTest> tests = new ArrayList<>();
        each(leaf, where, (value, place) -> alternative(value, place, tests));
        return tests;
    }

    private void alternative(JsonNode value, String where, List<ValueTest> tests) {
        if (value.isObject()) {
            operator(value, where, tests);
        } else {
            scalar(value, where, tests);
        }
    }

    private void scalar(JsonNode value, String where, List<ValueTest> tests) {
        if (isScalar(value, where)) {
            tests.add(new ValueTest.Equal(value));
        }
    }

    /** Visits the elements of a list, or the value itself if it is none. */
    private void each(JsonNode leaf, String where, BiConsumer<JsonNode, String> visitor) {
        if (!leaf.isArray()) {
            visitor.accept(leaf, where);
        } else if (leaf.isEmpty()) {
            wrong(where, "is an empty list, which nothing can match");
        } else if (leaf.size() > MAX_ALTERNATIVES) {
            wrong(where, "has " + leaf.size() + " alternatives; at most " + MAX_ALTERNATIVES + " are allowed");
        } else {
            for (int i = 0; i < leaf.size(); i++) {
                visitor.accept(leaf.get(i), where + "[" + i + "]");
            }
        }
    }

    private boolean isScalar(JsonNode value, String where) {
        boolean notFinite =
                value.isFloatingPointNumber() && !value.isBigDecimal() && !Double.isFinite(value.doubleValue());
        if (notFinite) {
            wrong(where, value.asText() + " is not a number an event can hold");
        } else if (!value.isTextual() && !value.isNumber() && !value.isBoolean() && !value.isNull()) {
            wrong(where, "must be text, a number, true, false, null or an object with one operator");
        } else {
            return true;
        }
        return false;
    }

    private void operator(JsonNode object, String where, List<ValueTest> tests) {
        boolean known = true;
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            known &= known(entry.getKey(), OPERATORS, where);
        }
        if (!known) {
            return;
        }
        if (!object.isEmpty() && object.propertyStream().allMatch(e -> BOUNDS.contains(e.getKey()))) {
            add(tests, bounds(object, where));
        } else if (object.size() != 1) {
            wrong(where, "must have exactly one operator (only gt or gte goes together with lt or lte)");
        } else {
            Map.Entry<String, JsonNode> only = object.properties().iterator().next();
            add(tests, single(only.getKey(), only.getValue(), where + "." + only.getKey()));
        }
    }

    private boolean known(String name, List<String> operators, String where) {
        if (operators.contains(name)) {
            return true;
        }
        String nearest = Nearest.to(name, operators);
        String hint =
                nearest == null ? "; use one of " + String.join(", ", operators) : "; did you mean '" + nearest + "'?";
        wrong(where, "unknown operator '" + name + "'" + hint);
        return false;
    }

    private @Nullable ValueTest single(String operator, JsonNode value, String where) {
        return switch (operator) {
            case "anything-but" -> anythingBut(value, where);
            case "prefix", "suffix", "equals-ignore-case", "wildcard" -> text(operator, value, where);
            case "numeric" -> numeric(value, where);
            case "exists" -> exists(value, where);
            default -> cidr(value, where);
        };
    }

    private @Nullable ValueTest text(String operator, JsonNode value, String where) {
        boolean affix = operator.equals("prefix") || operator.equals("suffix");
        if (affix
                && value.isObject()
                && value.size() == 1
                && value.path("equals-ignore-case").isTextual()) {
            return affix(operator, value.get("equals-ignore-case").textValue(), true);
        }
        if (!value.isTextual()) {
            wrong(
                    where,
                    "needs text" + (affix ? " or {equals-ignore-case: text}" : "") + "; a payload field named '"
                            + operator + "' is written with dots, as in data.x." + operator);
            return null;
        }
        return switch (operator) {
            case "equals-ignore-case" -> new ValueTest.EqualIgnoreCase(value.textValue());
            case "wildcard" -> wildcard(value.textValue(), where);
            default -> affix(operator, value.textValue(), false);
        };
    }

    private static ValueTest affix(String operator, String text, boolean ignoreCase) {
        return operator.equals("prefix")
                ? new ValueTest.Prefix(text, ignoreCase)
                : new ValueTest.Suffix(text, ignoreCase);
    }

    private @Nullable ValueTest wildcard(String glob, String where) {
        if (glob.length() > MAX_WILDCARD) {
            wrong(where, "is longer than " + MAX_WILDCARD + " characters");
            return null;
        }
        for (int i = 0; i < glob.length(); i++) {
            if (glob.charAt(i) == '\\') {
                i++;
                if (i == glob.length() || glob.charAt(i) != '*' && glob.charAt(i) != '\\') {
                    wrong(where, "has a lone backslash: write \\* for a star and \\\\ for a backslash");
                    return null;
                }
            }
        }
        return new ValueTest.Wildcard(glob);
    }

    private @Nullable ValueTest anythingBut(JsonNode value, String where) {
        List<ValueTest> tests = new ArrayList<>();
        if (value.isObject()) {
            excludedText(value, where, tests);
        } else {
            each(value, where, (element, place) -> scalar(element, place, tests));
        }
        return tests.isEmpty() ? null : new ValueTest.AnythingBut(tests);
    }

    private void excludedText(JsonNode object, String where, List<ValueTest> tests) {
        if (object.size() != 1) {
            wrong(where, "must have exactly one of " + String.join(", ", TEXT_OPERATORS));
            return;
        }
        Map.Entry<String, JsonNode> only = object.properties().iterator().next();
        String operator = only.getKey();
        if (known(operator, TEXT_OPERATORS, where)) {
            each(
                    only.getValue(),
                    where + "." + operator,
                    (element, place) -> add(tests, text(operator, element, place)));
        }
    }

    private @Nullable ValueTest exists(JsonNode value, String where) {
        if (!value.isBoolean()) {
            wrong(where, "must be true or false");
            return null;
        }
        return new ValueTest.Exists(value.booleanValue());
    }

    private @Nullable ValueTest cidr(JsonNode value, String where) {
        if (!value.isTextual() || IpBlock.parse(value.textValue()).isEmpty()) {
            wrong(where, "'" + value.asText() + "' is not an IP block; write one like 10.0.0.0/8 or 2001:db8::/32");
            return null;
        }
        return new ValueTest.Cidr(value.textValue());
    }

    private @Nullable ValueTest bounds(JsonNode object, String where) {
        RangeBuilder range = new RangeBuilder(problems, where);
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            range.bound(entry.getKey(), entry.getValue(), where + "." + entry.getKey());
        }
        return range.build();
    }

    private @Nullable ValueTest numeric(JsonNode list, String where) {
        if (!list.isArray() || list.isEmpty() || list.size() % 2 != 0 || list.size() > 4) {
            wrong(where, "must be a list of comparisons and numbers like [\">\", 0, \"<=\", 5]");
            return null;
        }
        RangeBuilder range = new RangeBuilder(problems, where);
        for (int i = 0; i < list.size(); i += 2) {
            range.bound(list.get(i).asText(), list.get(i + 1), where + "[" + (i + 1) + "]");
        }
        return range.build();
    }

    private static void add(List<ValueTest> tests, @Nullable ValueTest test) {
        if (test != null) {
            tests.add(test);
        }
    }

    private void wrong(String where, String message) {
        problems.add(new Problem(where, message));
    }

    /** Puts a range together from its bounds. */
    private static final class RangeBuilder {
        private final List<Problem> problems;
        private final String where;
        private @Nullable BigDecimal low;
        private @Nullable BigDecimal high;
        private boolean lowInclusive;
        private boolean highInclusive;
        private boolean broken;

        RangeBuilder(List<Problem> problems, String where) {
            this.problems = problems;
            this.where = where;
        }

        void bound(String comparison, JsonNode value, String place) {
            boolean finite = value.isNumber()
                    && (value.isBigDecimal() || Double.isFinite(value.doubleValue()) || value.isBigInteger());
            if (!finite) {
                wrong(place, "must be a number");
                return;
            }
            BigDecimal number = value.decimalValue();
            switch (comparison) {
                case ">", "gt" -> low(number, false);
                case ">=", "gte" -> low(number, true);
                case "<", "lt" -> high(number, false);
                case "<=", "lte" -> high(number, true);
                case "=" -> {
                    low(number, true);
                    high(number, true);
                }
                default -> wrong(place, "follows '" + comparison + "', which is none of >, >=, <, <=, =");
            }
        }

        private void low(BigDecimal bound, boolean inclusive) {
            if (low != null) {
                wrong(where, "has two lower bounds");
            }
            low = bound;
            lowInclusive = inclusive;
        }

        private void high(BigDecimal bound, boolean inclusive) {
            if (high != null) {
                wrong(where, "has two upper bounds");
            }
            high = bound;
            highInclusive = inclusive;
        }

        @Nullable
        ValueTest build() {
            if (!broken && low != null && high != null) {
                int order = low.compareTo(high);
                if (order > 0 || order == 0 && !(lowInclusive && highInclusive)) {
                    wrong(where, "is an empty range, which no number can match");
                }
            }
            return broken ? null : new ValueTest.NumericRange(low, lowInclusive, high, highInclusive);
        }

        private void wrong(String place, String message) {
            broken = true;
            problems.add(new Problem(place, message));
        }
    }
}
