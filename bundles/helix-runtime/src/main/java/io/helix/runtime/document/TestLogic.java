package io.helix.runtime.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.rule.IpBlock;
import io.helix.api.rule.ValueTest;
import io.helix.api.rule.ValueTest.AnythingBut;
import io.helix.api.rule.ValueTest.Cidr;
import io.helix.api.rule.ValueTest.Equal;
import io.helix.api.rule.ValueTest.EqualIgnoreCase;
import io.helix.api.rule.ValueTest.Exists;
import io.helix.api.rule.ValueTest.NumericRange;
import io.helix.api.rule.ValueTest.Prefix;
import io.helix.api.rule.ValueTest.Suffix;
import io.helix.api.rule.ValueTest.Wildcard;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * How the tests of a path relate. Every answer {@code true} is certain; {@code false} also means that it is not known.
 * "One value" is said of paths that hold one value or none, as attributes do; other paths may hold any number.
 */
final class TestLogic {
    private TestLogic() {}

    /** Whether a path with one value cannot pass both. */
    static boolean excludeForOne(ValueTest a, ValueTest b) {
        if (exclude(a, b)) {
            return true;
        }
        return isAboutSome(a) && isAboutSome(b) && excludeAsValues(a, b);
    }

    /** Whether a path cannot pass both, whatever number of values it has. */
    static boolean exclude(ValueTest a, ValueTest b) {
        return absent(a) != absent(b) && (absent(a) || absent(b)) || forbids(a, b) || forbids(b, a);
    }

    private static boolean absent(ValueTest test) {
        return test instanceof Exists(boolean present) && !present;
    }

    private static boolean forbids(ValueTest a, ValueTest b) {
        return a instanceof AnythingBut but
                && isAboutSome(b)
                && but.tests().stream().anyMatch(excluded -> isAboutSome(excluded) && valueImplies(b, excluded));
    }

    /** Whether it holds as soon as one value passes, so that further values cannot spoil it. */
    private static boolean isAboutSome(ValueTest test) {
        return !(test instanceof AnythingBut) && !(test instanceof Exists);
    }

    /** Whether a path with one value passes {@code b} when it passes {@code a}. */
    static boolean impliesForOne(ValueTest a, ValueTest b) {
        return implies(a, b)
                || b instanceof AnythingBut but
                        && isAboutSome(a)
                        && but.tests().stream()
                                .allMatch(excluded -> isAboutSome(excluded) && excludeAsValues(a, excluded));
    }

    /** Whether a path passes {@code b} when it passes {@code a}, whatever number of values it has. */
    static boolean implies(ValueTest a, ValueTest b) {
        if (b instanceof Exists(boolean present)) {
            return present != absent(a);
        }
        if (a instanceof AnythingBut(var narrow) && b instanceof AnythingBut(var wide)) {
            return wide.stream()
                    .allMatch(excluded -> isAboutSome(excluded)
                            && narrow.stream().anyMatch(other -> isAboutSome(other) && valueImplies(excluded, other)));
        }
        return isAboutSome(a) && isAboutSome(b) && valueImplies(a, b);
    }

    /** Whether every value that passes {@code a} passes {@code b}. */
    private static boolean valueImplies(ValueTest a, ValueTest b) {
        if (a instanceof Equal(JsonNode value)) {
            return passes(b, value);
        }
        return switch (b) {
            case NumericRange range -> a instanceof NumericRange other && within(other, range);
            case Cidr wide -> a instanceof Cidr narrow && within(narrow, wide);
            case Equal equal -> false;
            case Prefix prefix -> shapeWithin(a, b);
            case Suffix suffix -> shapeWithin(a, b);
            case EqualIgnoreCase equal -> shapeWithin(a, b);
            case Wildcard wildcard -> a.equals(b) || shapeWithin(a, b);
            case Exists exists -> false;
            case AnythingBut but -> false;
        };
    }

    private static boolean shapeWithin(ValueTest a, ValueTest b) {
        Optional<TextShape> wide = TextShape.of(b);
        return wide.isPresent()
                && TextShape.of(a).filter(narrow -> narrow.within(wide.get())).isPresent();
    }

    /** Whether no value passes both. */
    private static boolean excludeAsValues(ValueTest a, ValueTest b) {
        if (a instanceof Equal(JsonNode value)) {
            return !passes(b, value);
        }
        if (b instanceof Equal(JsonNode value)) {
            return !passes(a, value);
        }
        if (a instanceof NumericRange x && b instanceof NumericRange y) {
            return below(x, y) || below(y, x);
        }
        if (a instanceof Cidr x && b instanceof Cidr y) {
            return !contains(x, address(y)) && !contains(y, address(x));
        }
        Optional<TextShape> left = TextShape.of(a);
        Optional<TextShape> right = TextShape.of(b);
        return left.isPresent() != right.isPresent()
                || left.isPresent() && left.get().excludes(right.orElseThrow());
    }

    private static boolean passes(ValueTest test, JsonNode value) {
        return switch (test) {
            case Equal equal -> equal(equal.value(), value);
            case NumericRange range ->
                number(value)
                        .filter(number -> !below(range, point(number)) && !below(point(number), range))
                        .isPresent();
            case Prefix prefix -> shapePasses(test, value);
            case Suffix suffix -> shapePasses(test, value);
            case EqualIgnoreCase equal -> shapePasses(test, value);
            case Wildcard wildcard ->
                value.isTextual() && Glob.of(wildcard.glob()).matches(value.textValue());
            case Cidr cidr -> value.isTextual() && contains(cidr, value.textValue());
            case Exists exists -> exists.present();
            case AnythingBut but -> but.tests().stream().noneMatch(excluded -> passes(excluded, value));
        };
    }

    private static boolean shapePasses(ValueTest test, JsonNode value) {
        return value.isTextual()
                && TextShape.of(test)
                        .filter(TextShape.whole(value.textValue(), false)::within)
                        .isPresent();
    }

    private static boolean equal(JsonNode a, JsonNode b) {
        Optional<BigDecimal> x = number(a);
        Optional<BigDecimal> y = number(b);
        return x.isPresent() && y.isPresent() ? x.get().compareTo(y.get()) == 0 : a.equals(b);
    }

    private static Optional<BigDecimal> number(JsonNode value) {
        boolean binary = value.isDouble() || value.isFloat();
        return value.isNumber() && (!binary || Double.isFinite(value.doubleValue()))
                ? Optional.of(value.decimalValue())
                : Optional.empty();
    }

    private static NumericRange point(BigDecimal number) {
        return new NumericRange(number, true, number, true);
    }

    static boolean isEmpty(NumericRange range) {
        return below(range, range);
    }

    /** Whether nothing in {@code a} reaches the lower bound of {@code b}. */
    private static boolean below(NumericRange a, NumericRange b) {
        if (a.high() == null || b.low() == null) {
            return false;
        }
        int order = a.high().compareTo(b.low());
        return order < 0 || order == 0 && !(a.highInclusive() && b.lowInclusive());
    }

    private static boolean within(NumericRange narrow, NumericRange wide) {
        return lowWithin(narrow, wide) && highWithin(narrow, wide);
    }

    private static boolean lowWithin(NumericRange narrow, NumericRange wide) {
        if (narrow.low() == null || wide.low() == null) {
            return wide.low() == null;
        }
        int order = narrow.low().compareTo(wide.low());
        return order > 0 || order == 0 && (wide.lowInclusive() || !narrow.lowInclusive());
    }

    private static boolean highWithin(NumericRange narrow, NumericRange wide) {
        if (narrow.high() == null || wide.high() == null) {
            return wide.high() == null;
        }
        int order = narrow.high().compareTo(wide.high());
        return order < 0 || order == 0 && (wide.highInclusive() || !narrow.highInclusive());
    }

    private static boolean within(Cidr narrow, Cidr wide) {
        return bits(narrow) >= bits(wide) && contains(wide, address(narrow));
    }

    private static boolean contains(Cidr cidr, String address) {
        return IpBlock.parse(cidr.block())
                .filter(block -> block.contains(address))
                .isPresent();
    }

    private static String address(Cidr cidr) {
        int slash = cidr.block().indexOf('/');
        return slash < 0 ? cidr.block() : cidr.block().substring(0, slash);
    }

    private static int bits(Cidr cidr) {
        int slash = cidr.block().indexOf('/');
        return slash < 0
                ? Integer.MAX_VALUE
                : Integer.parseInt(cidr.block(), slash + 1, cidr.block().length(), 10);
    }
}
