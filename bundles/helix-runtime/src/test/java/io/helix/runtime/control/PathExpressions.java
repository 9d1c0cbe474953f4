package io.helix.runtime.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.helix.api.HelixException;
import io.helix.api.expression.Evaluation;
import io.helix.api.expression.Expression;
import io.helix.api.expression.Expressions;
import io.helix.api.rule.Condition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Expressions for tests: a dotted path, optionally compared with a string: {@code event.data.a == 'x'}. */
public final class PathExpressions implements Expressions {
    private static final Pattern FORM = Pattern.compile("([a-z][\\w.-]*)(?: == '([^']*)')?");

    @Override
    public Expression compile(String source, Set<String> variables) {
        Matcher matcher = FORM.matcher(source);
        if (!matcher.matches() || !variables.contains(matcher.group(1).split("\\.")[0])) {
            throw HelixException.invalid("cannot compile '" + source + "'");
        }
        String[] path = matcher.group(1).split("\\.");
        String wanted = matcher.group(2);
        return new Expression() {
            @Override
            public String source() {
                return source;
            }

            @Override
            public Set<String> variables() {
                return Set.of(path[0]);
            }

            @Override
            public List<Condition> implied(String variable) {
                return List.of();
            }

            @Override
            public Evaluation evaluate(Map<String, JsonNode> values) {
                JsonNode node = values.getOrDefault(path[0], MissingNode.getInstance());
                for (int i = 1; i < path.length; i++) {
                    node = node.path(path[i]);
                }
                if (node.isMissingNode()) {
                    return new Evaluation.Absent(source + " is absent");
                }
                return new Evaluation.Value(
                        wanted == null
                                ? node
                                : BooleanNode.valueOf(node.asText().equals(wanted)));
            }
        };
    }
}
