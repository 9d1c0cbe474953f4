package io.helix.runtime.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.helix.api.HelixException;
import io.helix.api.expression.Evaluation;
import io.helix.api.expression.Expression;
import io.helix.api.expression.Expressions;
import io.helix.api.expression.Scope;
import io.helix.api.rule.Condition;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Expressions for tests: a dotted path, or comparisons of paths, texts and numbers joined by {@code &&}:
 * {@code event.data.a == 'x' && a.data.n > b.data.n}.
 */
public final class PathExpressions implements Expressions {
    private static final Pattern COMPARISON = Pattern.compile("(\\S+) (==|>|<) (\\S+)");
    private static final Pattern PATH = Pattern.compile("[a-zA-Z][\\w.-]*");

    @Override
    public Expression compile(String source, Scope scope) {
        Set<String> variables = scope.variables();
        Set<String> used = new TreeSet<>();
        for (String part : source.split(" && ")) {
            Matcher comparison = COMPARISON.matcher(part);
            List<String> operands =
                    comparison.matches() ? List.of(comparison.group(1), comparison.group(3)) : List.of(part);
            for (String operand : operands) {
                if (PATH.matcher(operand).matches()) {
                    used.add(operand.split("\\.")[0]);
                } else if (!operand.matches("'[^']*'|-?\\d+(\\.\\d+)?")) {
                    throw HelixException.invalid("cannot compile '" + source + "'");
                }
            }
        }
        if (!variables.containsAll(used)) {
            throw HelixException.invalid("cannot compile '" + source + "': it knows only " + new TreeSet<>(variables));
        }
        return new PathExpression(source, Set.copyOf(used));
    }

    private record PathExpression(String source, Set<String> variables) implements Expression {
        @Override
        public List<Condition> implied(String variable) {
            return List.of();
        }

        @Override
        public Evaluation evaluate(Map<String, JsonNode> values) {
            JsonNode result = BooleanNode.TRUE;
            for (String part : source.split(" && ")) {
                Matcher comparison = COMPARISON.matcher(part);
                boolean compares = comparison.matches();
                JsonNode left = operand(compares ? comparison.group(1) : part, values);
                JsonNode right = compares ? operand(comparison.group(3), values) : left;
                if (left.isMissingNode() || right.isMissingNode()) {
                    return new Evaluation.Absent(part + " is absent");
                }
                result = compares ? BooleanNode.valueOf(compare(comparison.group(2), left, right)) : left;
                if (compares && !result.booleanValue()) {
                    return new Evaluation.Value(result);
                }
            }
            return new Evaluation.Value(result);
        }

        private static boolean compare(String operator, JsonNode left, JsonNode right) {
            int order = left.isNumber() && right.isNumber()
                    ? left.decimalValue().compareTo(right.decimalValue())
                    : left.asText().compareTo(right.asText());
            return switch (operator) {
                case "==" -> order == 0;
                case ">" -> order > 0;
                default -> order < 0;
            };
        }

        private static JsonNode operand(String text, Map<String, JsonNode> values) {
            if (text.startsWith("'")) {
                return TextNode.valueOf(text.substring(1, text.length() - 1));
            }
            if (!PATH.matcher(text).matches()) {
                return DecimalNode.valueOf(new BigDecimal(text));
            }
            String[] path = text.split("\\.");
            JsonNode node = values.getOrDefault(path[0], MissingNode.getInstance());
            for (int i = 1; i < path.length; i++) {
                node = node.path(path[i]);
            }
            return node;
        }
    }
}
