package io.helix.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cel.common.Operator;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import io.helix.api.rule.ValueTest;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns a comparison with a literal into the test of a pattern that passes whenever the comparison is true. Patterns see
 * numbers exactly, CEL sees them rounded to the nearest double, so that 4.9999999999999999 is 5: bounds are moved to the
 * next double.
 */
final class Literals {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Literals() {}

    static Optional<CelConstant> of(CelExpr expression) {
        return expression.getKind() == CelExpr.ExprKind.Kind.CONSTANT
                ? Optional.of(expression.constant())
                : Optional.empty();
    }

    static Optional<ValueTest> equal(CelConstant literal) {
        return scalar(literal)
                .<ValueTest>map(ValueTest.Equal::new)
                .or(() -> number(literal).map(Literals::near));
    }

    /** What {@code value <operator> literal} says of the value; only numbers are compared this way. */
    static Optional<ValueTest> range(Operator operator, CelConstant literal) {
        return number(literal).flatMap(number -> switch (operator) {
            case LESS -> Optional.of(new ValueTest.NumericRange(null, false, upper(number, true), false));
            case LESS_EQUALS -> Optional.of(new ValueTest.NumericRange(null, false, upper(number, false), false));
            case GREATER -> Optional.of(new ValueTest.NumericRange(lower(number, true), false, null, false));
            case GREATER_EQUALS -> Optional.of(new ValueTest.NumericRange(lower(number, false), false, null, false));
            default -> Optional.empty();
        });
    }

    private static Optional<JsonNode> scalar(CelConstant literal) {
        return switch (literal.getKind()) {
            case STRING_VALUE -> Optional.of(NODES.textNode(literal.stringValue()));
            case BOOLEAN_VALUE -> Optional.of(NODES.booleanNode(literal.booleanValue()));
            case NULL_VALUE -> Optional.of(NODES.nullNode());
            default -> Optional.empty();
        };
    }

    private static Optional<BigDecimal> number(CelConstant literal) {
        return switch (literal.getKind()) {
            case INT64_VALUE -> Optional.of(BigDecimal.valueOf(literal.int64Value()));
            case UINT64_VALUE ->
                Optional.of(new BigDecimal(literal.uint64Value().bigIntegerValue()));
            case DOUBLE_VALUE ->
                Double.isFinite(literal.doubleValue())
                        ? Optional.of(new BigDecimal(literal.doubleValue()))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static ValueTest near(BigDecimal number) {
        return new ValueTest.NumericRange(lower(number, false), false, upper(number, false), false);
    }

    /** Below all that rounds to {@code number}; the number itself when that may not be reached and is a double. */
    private static @Nullable BigDecimal lower(BigDecimal number, boolean strict) {
        return strict && isDouble(number) ? number : decimal(Math.nextDown(number.doubleValue()));
    }

    private static @Nullable BigDecimal upper(BigDecimal number, boolean strict) {
        return strict && isDouble(number) ? number : decimal(Math.nextUp(number.doubleValue()));
    }

    private static boolean isDouble(BigDecimal number) {
        return new BigDecimal(number.doubleValue()).compareTo(number) == 0;
    }

    /** Null, for no bound, at the ends of what a double can hold. */
    private static @Nullable BigDecimal decimal(double bound) {
        return Double.isFinite(bound) ? BigDecimal.valueOf(bound) : null;
    }
}
