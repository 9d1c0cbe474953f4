package io.helix.drools;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.rule.IpBlock;
import io.helix.api.rule.ValueTest;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Compiles the tests that look at a single value. */
final class ValueChecks {
    private ValueChecks() {}

    static ValueCheck compile(ValueTest test) {
        return switch (test) {
            case ValueTest.Equal equal -> equal(equal.value());
            case ValueTest.Prefix prefix -> prefix(prefix.text(), prefix.ignoreCase());
            case ValueTest.Suffix suffix -> suffix(suffix.text(), suffix.ignoreCase());
            case ValueTest.EqualIgnoreCase equal -> text(equal.text()::equalsIgnoreCase);
            case ValueTest.Wildcard wildcard -> text(new Glob(wildcard.glob()));
            case ValueTest.NumericRange range -> range(range);
            case ValueTest.Cidr cidr -> cidr(cidr.block());
            case ValueTest.Exists exists -> value -> exists.present();
            case ValueTest.AnythingBut but -> not(compile(but.tests()));
        };
    }

    static ValueCheck[] compile(List<ValueTest> tests) {
        return tests.stream().map(ValueChecks::compile).toArray(ValueCheck[]::new);
    }

    private static ValueCheck not(ValueCheck[] excluded) {
        return value -> {
            for (ValueCheck check : excluded) {
                if (check.test(value)) {
                    return false;
                }
            }
            return true;
        };
    }

    private static ValueCheck equal(JsonNode wanted) {
        if (wanted.isTextual()) {
            return text(wanted.textValue()::equals);
        }
        if (Numbers.isNumber(wanted)) {
            return number(wanted.decimalValue());
        }
        if (wanted.isBoolean()) {
            boolean flag = wanted.booleanValue();
            return value -> value.isBoolean(flag);
        }
        return wanted.isNull() ? Value::isNull : value -> false;
    }

    private static ValueCheck number(BigDecimal wanted) {
        double approximate = wanted.doubleValue();
        return value -> value.isNumber() && value.compareTo(approximate, wanted) == 0;
    }

    private static ValueCheck text(Predicate<String> predicate) {
        return value -> {
            String text = value.text();
            return text != null && predicate.test(text);
        };
    }

    private static ValueCheck prefix(String start, boolean ignoreCase) {
        return ignoreCase
                ? text(text -> text.regionMatches(true, 0, start, 0, start.length()))
                : text(text -> text.startsWith(start));
    }

    private static ValueCheck suffix(String end, boolean ignoreCase) {
        return ignoreCase
                ? text(text -> text.regionMatches(true, text.length() - end.length(), end, 0, end.length()))
                : text(text -> text.endsWith(end));
    }

    private static ValueCheck cidr(String written) {
        IpBlock block = IpBlock.parse(written).orElse(null);
        return block == null ? value -> false : text(block::contains);
    }

    private static ValueCheck range(ValueTest.NumericRange range) {
        ValueCheck low = low(range.low(), range.lowInclusive());
        ValueCheck high = high(range.high(), range.highInclusive());
        return value -> value.isNumber() && low.test(value) && high.test(value);
    }

    private static ValueCheck low(@Nullable BigDecimal bound, boolean inclusive) {
        if (bound == null) {
            return value -> true;
        }
        double approximate = bound.doubleValue();
        int least = inclusive ? 0 : 1;
        return value -> value.compareTo(approximate, bound) >= least;
    }

    private static ValueCheck high(@Nullable BigDecimal bound, boolean inclusive) {
        if (bound == null) {
            return value -> true;
        }
        double approximate = bound.doubleValue();
        int most = inclusive ? 0 : -1;
        return value -> value.compareTo(approximate, bound) <= most;
    }
}
