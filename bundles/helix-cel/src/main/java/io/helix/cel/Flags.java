package io.helix.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelSelect;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableExpr;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of some variables that an expression reads without asking whether they are there. Those count as
 * {@code false} where they are not.
 *
 * @param fields by variable
 */
record Flags(Map<String, Set<String>> fields) {
    static Flags of(CelExpr expression, Set<String> variables) {
        Map<String, Set<String>> read = new HashMap<>();
        Map<String, Set<String>> asked = new HashMap<>();
        CelNavigableExpr.fromExpr(expression)
                .allNodes()
                .filter(node -> node.getKind() == Kind.SELECT)
                .map(node -> node.expr().select())
                .forEach(select -> variable(select, variables)
                        .ifPresent(name -> (select.testOnly() ? asked : read)
                                .computeIfAbsent(name, fresh -> new HashSet<>())
                                .add(select.field())));
        asked.forEach((name, fields) -> read.getOrDefault(name, new HashSet<>()).removeAll(fields));
        return new Flags(Map.copyOf(read));
    }

    private static Optional<String> variable(CelSelect select, Set<String> variables) {
        return select.operand().getKind() == Kind.IDENT
                ? Optional.of(select.operand().ident().name()).filter(variables::contains)
                : Optional.empty();
    }

    /** The value of a variable as the expression is to see it. */
    JsonNode complete(String variable, JsonNode value) {
        Set<String> read = fields.getOrDefault(variable, Set.of());
        if (!(value instanceof ObjectNode object) || read.stream().allMatch(object::has)) {
            return value;
        }
        ObjectNode completed = object.objectNode();
        completed.setAll(object);
        read.stream().filter(field -> !object.has(field)).forEach(field -> completed.put(field, false));
        return completed;
    }
}
