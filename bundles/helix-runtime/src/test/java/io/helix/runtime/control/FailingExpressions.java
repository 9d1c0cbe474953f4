package io.helix.runtime.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.helix.api.expression.Evaluation;
import io.helix.api.expression.Expression;
import io.helix.api.expression.Expressions;
import io.helix.api.expression.Scope;
import io.helix.api.rule.Condition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * {@link PathExpressions} with three kinds of trouble: what mentions {@code explodes} throws, which no expression should
 * do, what mentions {@code unreadable} cannot be evaluated, and the value of what mentions {@code bottomless} is nested too
 * deep to be written.
 */
public final class FailingExpressions implements Expressions {
    private final Expressions paths = new PathExpressions();

    @Override
    public Expression compile(String source, Scope scope) {
        Expression expression = paths.compile(source, scope);
        if (source.contains("bottomless")) {
            return new Failing(expression, () -> new Evaluation.Value(nested(3_000)));
        }
        if (source.contains("unreadable")) {
            return new Failing(expression, () -> new Evaluation.Failed("no such overload"));
        }
        return source.contains("explodes") ? new Failing(expression, FailingExpressions::explode) : expression;
    }

    private static Evaluation explode() {
        throw new IllegalStateException("boom");
    }

    private static JsonNode nested(int levels) {
        JsonNode node = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < levels; i++) {
            node = JsonNodeFactory.instance.arrayNode().add(node);
        }
        return node;
    }

    private record Failing(Expression expression, Supplier<Evaluation> value) implements Expression {
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
            return variables.containsKey("event") || variables.containsKey("a")
                    ? value.get()
                    : new Evaluation.Absent("no event");
        }
    }
}
