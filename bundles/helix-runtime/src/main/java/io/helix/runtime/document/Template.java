package io.helix.runtime.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.helix.api.HelixException;
import io.helix.api.Problem;
import io.helix.api.event.EventFormat;
import io.helix.api.expression.Evaluation;
import io.helix.api.expression.Expression;
import io.helix.api.expression.Expressions;
import io.helix.api.expression.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A JSON value in which strings may hold <code>{{ expressions }}</code>. A string that is one expression and nothing
 * else takes the value of the expression, whatever its type; in longer strings values are inserted as text.
 */
public sealed interface Template {
    /** Whether the value is the same for every event. */
    boolean constant();

    /** What its expressions refer to. */
    Set<String> variables();

    /** @throws HelixException INVALID naming the expression that is absent or fails */
    JsonNode resolve(Map<String, JsonNode> variables);

    record Constant(JsonNode value) implements Template {
        @Override
        public Set<String> variables() {
            return Set.of();
        }

        @Override
        public boolean constant() {
            return true;
        }

        @Override
        public JsonNode resolve(Map<String, JsonNode> variables) {
            return value;
        }
    }

    record Single(Expression expression, String where) implements Template {
        @Override
        public Set<String> variables() {
            return expression.variables();
        }

        @Override
        public boolean constant() {
            return false;
        }

        @Override
        public JsonNode resolve(Map<String, JsonNode> variables) {
            return switch (expression.evaluate(variables)) {
                case Evaluation.Value(JsonNode value) -> value;
                case Evaluation.Absent(String message) -> throw failed(message);
                case Evaluation.Failed(String message) -> throw failed(message);
            };
        }

        private HelixException failed(String message) {
            return HelixException.invalid(where + ": {{ " + expression.source() + " }}: " + message);
        }
    }

    record Joined(List<Template> parts) implements Template {
        @Override
        public Set<String> variables() {
            return union(parts);
        }

        @Override
        public boolean constant() {
            return false;
        }

        @Override
        public JsonNode resolve(Map<String, JsonNode> variables) {
            StringBuilder text = new StringBuilder();
            for (Template part : parts) {
                JsonNode value = part.resolve(variables);
                text.append(value.isValueNode() ? value.asText() : value.toString());
                if (text.length() > EventFormat.MAX_BYTES) {
                    throw HelixException.invalid("a text grew over " + EventFormat.MAX_BYTES + " characters");
                }
            }
            return TextNode.valueOf(text.toString());
        }
    }

    record ListOf(List<Template> items) implements Template {
        @Override
        public Set<String> variables() {
            return union(items);
        }

        @Override
        public boolean constant() {
            return false;
        }

        @Override
        public JsonNode resolve(Map<String, JsonNode> variables) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode(items.size());
            items.forEach(item -> array.add(item.resolve(variables)));
            return array;
        }
    }

    record ObjectOf(Map<String, Template> fields) implements Template {
        @Override
        public Set<String> variables() {
            return union(fields.values());
        }

        @Override
        public boolean constant() {
            return false;
        }

        @Override
        public JsonNode resolve(Map<String, JsonNode> variables) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            fields.forEach((name, value) -> object.set(name, value.resolve(variables)));
            return object;
        }
    }

    private static Set<String> union(Collection<Template> parts) {
        return parts.stream().flatMap(part -> part.variables().stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** Compiles all expressions; what is wrong is added to {@code problems}. */
    static Template compile(JsonNode node, Scope scope, Expressions expressions, String where, List<Problem> problems) {
        if (node.isTextual()) {
            return text(node.textValue(), scope, expressions, where, problems);
        }
        if (node instanceof ObjectNode object) {
            Map<String, Template> fields = new LinkedHashMap<>();
            object.properties()
                    .forEach(field -> fields.put(
                            field.getKey(),
                            compile(field.getValue(), scope, expressions, where + "." + field.getKey(), problems)));
            return fields.values().stream().allMatch(Template::constant) ? new Constant(node) : new ObjectOf(fields);
        }
        if (node instanceof ArrayNode array) {
            List<Template> items = new ArrayList<>();
            for (int i = 0; i < array.size(); i++) {
                items.add(compile(array.get(i), scope, expressions, where + "[" + i + "]", problems));
            }
            return items.stream().allMatch(Template::constant) ? new Constant(node) : new ListOf(items);
        }
        return new Constant(node);
    }

    private static Template text(
            String text, Scope scope, Expressions expressions, String where, List<Problem> problems) {
        List<Template> parts = new ArrayList<>();
        int at = 0;
        while (true) {
            int open = text.indexOf("{{", at);
            int close = open < 0 ? -1 : text.indexOf("}}", open + 2);
            if (open >= 0 && close < 0) {
                problems.add(new Problem(where, "'{{' is not closed by '}}'"));
                return new Constant(TextNode.valueOf(text));
            }
            if (open < 0) {
                break;
            }
            if (open > at) {
                parts.add(new Constant(TextNode.valueOf(text.substring(at, open))));
            }
            String source = text.substring(open + 2, close).strip();
            try {
                parts.add(new Single(expressions.compile(source, scope), where));
            } catch (HelixException e) {
                problems.add(new Problem(where, "{{ " + source + " }}: " + e.message()));
                parts.add(new Constant(TextNode.valueOf("")));
            }
            at = close + 2;
        }
        if (parts.isEmpty()) {
            return new Constant(TextNode.valueOf(text));
        }
        if (at < text.length()) {
            parts.add(new Constant(TextNode.valueOf(text.substring(at))));
        }
        return parts.size() == 1 ? parts.getFirst() : new Joined(parts);
    }
}
