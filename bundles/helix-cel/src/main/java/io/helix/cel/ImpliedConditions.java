package io.helix.cel;

import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.cel.common.Operator;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import io.helix.api.rule.Condition;
import io.helix.api.rule.ValueTest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds conditions on one event without which an expression is not true. What it does not understand says nothing. CEL
 * does not look through lists: a comparison that was true saw the one value at its path, which the condition sees too.
 */
final class ImpliedConditions {
    private final EventPaths paths;

    private ImpliedConditions(String variable) {
        paths = new EventPaths(variable);
    }

    static List<Condition> of(CelExpr expression, String variable) {
        return new ImpliedConditions(variable).given(expression, true);
    }

    /** What holds when {@code expression} has come to {@code outcome}. */
    private List<Condition> given(CelExpr expression, boolean outcome) {
        return switch (expression.getKind()) {
            case SELECT ->
                expression.select().testOnly() ? presence(expression.select(), outcome) : flag(expression, outcome);
            case CALL ->
                Operator.findReverse(expression.call().function())
                        .map(operator -> operation(operator, expression, outcome))
                        .orElseGet(() -> outcome ? affix(expression.call()) : List.of());
            case CONSTANT, IDENT, LIST, MAP, STRUCT, COMPREHENSION, NOT_SET -> List.of();
        };
    }

    private List<Condition> operation(Operator operator, CelExpr expression, boolean outcome) {
        List<CelExpr> operands = expression.call().args();
        return switch (operator) {
            case LOGICAL_AND -> outcome ? all(operands, true) : some(operands, false);
            case LOGICAL_OR -> outcome ? some(operands, true) : all(operands, false);
            case LOGICAL_NOT -> given(operands.get(0), !outcome);
            case INDEX -> flag(expression, outcome);
            case EQUALS -> outcome ? equal(operands) : unequal(operands);
            case NOT_EQUALS -> outcome ? unequal(operands) : equal(operands);
            case LESS, LESS_EQUALS, GREATER, GREATER_EQUALS -> outcome ? ordered(operator, operands) : List.of();
            case IN -> outcome ? member(operands) : List.of();
            default -> List.of();
        };
    }

    private List<Condition> all(List<CelExpr> operands, boolean outcome) {
        return operands.stream()
                .flatMap(operand -> given(operand, outcome).stream())
                .toList();
    }

    private List<Condition> some(List<CelExpr> operands, boolean outcome) {
        List<Condition> sides = operands.stream()
                .map(operand -> together(given(operand, outcome)))
                .toList();
        return sides.contains(together(List.of())) ? List.of() : List.of(new Condition.AnyOf(sides));
    }

    private static Condition together(List<Condition> conditions) {
        return conditions.size() == 1 ? conditions.get(0) : new Condition.AllOf(conditions);
    }

    private List<Condition> flag(CelExpr expression, boolean outcome) {
        return field(paths.of(expression), List.of(new ValueTest.Equal(BooleanNode.valueOf(outcome))));
    }

    /** An empty list is there for {@code has}, but not for a pattern; sure is only that an object is above it. */
    private List<Condition> presence(CelExpr.CelSelect has, boolean present) {
        Optional<List<String>> asked = paths.asked(has);
        boolean certain = !present || asked.filter(EventPaths::isAttribute).isPresent();
        return field(certain ? asked : paths.of(has.operand()), List.of(new ValueTest.Exists(present)));
    }

    private List<Condition> equal(List<CelExpr> operands) {
        return compared(operands, sides -> Literals.equal(sides.literal()));
    }

    /** Attributes alone are one value for sure: what is unequal may be an empty list, or one with the value in it. */
    private List<Condition> unequal(List<CelExpr> operands) {
        return compared(
                operands,
                sides -> Literals.equal(sides.literal())
                        .filter(test -> EventPaths.isAttribute(sides.path()))
                        .map(test -> new ValueTest.AnythingBut(List.of(test))));
    }

    private List<Condition> ordered(Operator operator, List<CelExpr> operands) {
        return compared(
                operands, sides -> Literals.range(sides.turned() ? turned(operator) : operator, sides.literal()));
    }

    private static Operator turned(Operator operator) {
        return switch (operator) {
            case LESS -> Operator.GREATER;
            case LESS_EQUALS -> Operator.GREATER_EQUALS;
            case GREATER -> Operator.LESS;
            case GREATER_EQUALS -> Operator.LESS_EQUALS;
            default -> operator;
        };
    }

    private List<Condition> member(List<CelExpr> operands) {
        CelExpr list = operands.get(1);
        if (list.getKind() != CelExpr.ExprKind.Kind.LIST) {
            return List.of();
        }
        List<ValueTest> tests = list.list().elements().stream()
                .flatMap(element -> Literals.of(element).flatMap(Literals::equal).stream())
                .toList();
        boolean complete = tests.size() == list.list().elements().size();
        return complete ? field(paths.of(operands.get(0)), tests) : List.of();
    }

    private List<Condition> affix(CelExpr.CelCall call) {
        Optional<String> text = call.args().stream()
                .findFirst()
                .flatMap(Literals::of)
                .filter(literal -> literal.getKind() == CelConstant.Kind.STRING_VALUE)
                .map(CelConstant::stringValue);
        Optional<ValueTest> test = text.flatMap(affix -> switch (call.function()) {
            case "startsWith" -> Optional.of(new ValueTest.Prefix(affix, false));
            case "endsWith" -> Optional.of(new ValueTest.Suffix(affix, false));
            default -> Optional.empty();
        });
        return field(call.target().flatMap(paths::of), test.stream().toList());
    }

    /** A path beside a literal. @param turned whether the literal stands before it */
    private record Sides(List<String> path, CelConstant literal, boolean turned) {}

    private List<Condition> compared(List<CelExpr> operands, Function<Sides, Optional<ValueTest>> test) {
        return sides(operands.get(0), operands.get(1), false)
                .or(() -> sides(operands.get(1), operands.get(0), true))
                .map(sides -> field(
                        Optional.of(sides.path()), test.apply(sides).stream().toList()))
                .orElseGet(List::of);
    }

    private Optional<Sides> sides(CelExpr path, CelExpr literal, boolean turned) {
        return paths.of(path)
                .flatMap(steps -> Literals.of(literal).map(constant -> new Sides(steps, constant, turned)));
    }

    private static List<Condition> field(Optional<List<String>> path, List<ValueTest> tests) {
        return path.isEmpty() || tests.isEmpty() ? List.of() : List.of(new Condition.Field(path.get(), tests));
    }
}
