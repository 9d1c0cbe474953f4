package io.helix.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelErrorCode;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelUnknownSet;
import io.helix.api.expression.Evaluation;
import io.helix.api.expression.Expression;
import io.helix.api.rule.Condition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

final class CelExpression implements Expression {
    private static final long MAX_WORK = 5_000_000;
    private static final long MAX_RESULT = 1_500_000;

    /** CEL's own beginning of messages; it says nothing to the reader of a one-line expression. */
    private static final Pattern PLACE = Pattern.compile("^evaluation error( at <input>:\\d+)?: ");

    private static final Set<CelKind> NEVER_BOOLEAN = Set.of(
            CelKind.INT,
            CelKind.UINT,
            CelKind.DOUBLE,
            CelKind.STRING,
            CelKind.BYTES,
            CelKind.LIST,
            CelKind.MAP,
            CelKind.NULL_TYPE,
            CelKind.DURATION,
            CelKind.TIMESTAMP);

    private final String source;
    private final CelExpr tree;
    private final CelKind kind;
    private final Set<String> variables;
    private final Flags flags;
    private final CelRuntime.Program program;

    CelExpression(
            String source, CelExpr tree, CelKind kind, Set<String> variables, Flags flags, CelRuntime.Program program) {
        this.source = source;
        this.tree = tree;
        this.kind = kind;
        this.variables = variables;
        this.flags = flags;
        this.program = program;
    }

    @Override
    public String source() {
        return source;
    }

    @Override
    public Set<String> variables() {
        return variables;
    }

    @Override
    public List<Condition> implied(String variable) {
        return ImpliedConditions.of(tree, variable);
    }

    @Override
    public boolean canBeBoolean() {
        return !NEVER_BOOLEAN.contains(kind);
    }

    @Override
    public Evaluation evaluate(Map<String, JsonNode> variables) {
        try {
            Budget budget = new Budget(MAX_WORK);
            Object value = program.trace(values(variables, budget), new Meter(budget));
            return value instanceof CelUnknownSet
                    ? new Evaluation.Absent("a variable is not set")
                    : new Evaluation.Value(Values.toJson(value, new Budget(MAX_RESULT)));
        } catch (CelEvaluationException e) {
            return failure(e);
        } catch (StackOverflowError e) {
            return new Evaluation.Failed("the expression is nested too deeply");
        } catch (Budget.Exhausted | RuntimeException e) {
            return new Evaluation.Failed(String.valueOf(e.getMessage()));
        }
    }

    private Map<String, Object> values(Map<String, JsonNode> variables, Budget budget) {
        Map<String, Object> values = HashMap.newHashMap(variables.size());
        variables.forEach((name, node) -> {
            if (!node.isMissingNode()) {
                values.put(name, Values.ofJson(flags.complete(name, node), budget));
            }
        });
        return values;
    }

    private static Evaluation failure(CelEvaluationException e) {
        String message = PLACE.matcher(String.valueOf(e.getMessage())).replaceFirst("");
        CelErrorCode code = e.getErrorCode();
        boolean absent = code == CelErrorCode.ATTRIBUTE_NOT_FOUND || code == CelErrorCode.INDEX_OUT_OF_BOUNDS;
        return absent ? new Evaluation.Absent(message) : new Evaluation.Failed(message);
    }

    @Override
    public String toString() {
        return source;
    }
}
