package io.helix.cel;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.values.CelByteString;
import dev.cel.runtime.CelEvaluationListener;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Sees the value of every node of an expression and charges for it. Operands are nodes too, so that whatever a function
 * reads has been paid for. Iterations alone are no bound: 20 steps of {@code map(a, a + a)} make a million copies.
 */
final class Meter implements CelEvaluationListener {
    private static final int MAX_ELEMENTS = 100_000;

    private final Budget budget;

    Meter(Budget budget) {
        this.budget = budget;
    }

    @Override
    public void callback(CelExpr expression, Object value) {
        budget.charge(1);
        switch (value) {
            case String text -> budget.charge(text.length());
            case CelByteString bytes -> budget.charge(bytes.size());
            case List<?> list
            when list.size() > MAX_ELEMENTS && !(list instanceof JsonList) ->
                throw new Budget.Exhausted("the expression makes a list of more than " + MAX_ELEMENTS + " elements");
            case Collection<?> list when expression.getKind() == CelExpr.ExprKind.Kind.LIST -> weigh(list);
            case Map<?, ?> map when expression.getKind() == CelExpr.ExprKind.Kind.MAP -> weigh(map.values());
            default -> {}
        }
    }

    /** Counts shared parts as often as they occur: comparing or writing them costs that much. */
    private void weigh(Collection<?> parts) {
        for (Object part : parts) {
            budget.charge(1);
            if (part instanceof JsonList || part instanceof JsonMap) {
                continue;
            }
            if (part instanceof Collection<?> inner) {
                weigh(inner);
            } else if (part instanceof Map<?, ?> inner) {
                weigh(inner.values());
            }
        }
    }
}
