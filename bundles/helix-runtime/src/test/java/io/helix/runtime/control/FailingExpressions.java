package io.helix.runtime.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.expression.Evaluation;
import io.helix.api.expression.Expression;
import io.helix.api.expression.Expressions;
import io.helix.api.expression.Scope;
import io.helix.api.rule.Condition;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@link PathExpressions} of which those that mention {@code explodes} throw, which no expression should do. */
public final class FailingExpressions implements Expressions {
    private final Expressions paths = new PathExpressions();

    @Override
    public Expression compile(String source, Scope scope) {
        Expression expression = paths.compile(source, scope);
        return source.contains("explodes") ? new Failing(expression) : expression;
    }

    private record Failing(Expression expression) implements Expression {
        @Override
        public String source() {
            return expression.source();
        }

        @Override
        public Set<String> variables() {
            return expression.variables();
        }

        @Override
        public List<Condition> implied(String variable) {
            return List.of();
        }

        @Override
        public Evaluation evaluate(Map<String, JsonNode> variables) {
            throw new IllegalStateException("boom");
        }
    }
}
