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
        return ignoreCase ? text(text -> text.regionMatches(true, 0, start, 0, start.length())) : new Prefix(start);
    }

    private record Prefix(String start) implements ValueCheck {
        @Override
        public boolean test(Value value) {
            String text = value.text();
            return text != null && text.startsWith(start);
        }
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
        BigDecimal low = range.low();
        BigDecimal high = range.high();
        return new Range(
                low == null ? Double.NEGATIVE_INFINITY : low.doubleValue(),
                low,
                range.lowInclusive() ? 0 : 1,
                high == null ? Double.POSITIVE_INFINITY : high.doubleValue(),
                high,
                range.highInclusive() ? 0 : -1);
    }

    /**
     * One object, as the ranges of many rules are looked at for each event.
     *
     * @param low rounded; {@code exactLow} is only fetched where rounding leaves it open
     * @param least what a comparison with the low bound has to give
     * @param most what a comparison with the high bound may give
     */
    private record Range(
            double low,
            @Nullable BigDecimal exactLow,
            int least,
            double high,
            @Nullable BigDecimal exactHigh,
            int most) implements ValueCheck {
        @Override
        public boolean test(Value value) {
            return value.isNumber()
                    && (exactLow == null || value.compareTo(low, exactLow) >= least)
                    && (exactHigh == null || value.compareTo(high, exactHigh) <= most);
        }
    }
}
