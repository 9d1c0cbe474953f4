package io.helix.runtime.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import io.helix.api.expression.Evaluation;
import io.helix.api.expression.Expression;
import io.helix.api.rule.Condition;
import io.helix.api.rule.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which events can play a role of a rule.
 *
 * @param absent whether the role says what must not happen
 * @param pattern as it is written, with what {@code where} asks of this event alone and an index can look up
 * @param wheres conditions on this event alone, all of which must hold
 * @param key what events are grouped by; null when the rule has no key
 * @param measured what an aggregate measures of the event; null when nothing
 */
public record RoleDefinition(
        String alias,
        boolean absent,
        Pattern pattern,
        List<Expression> wheres,
        @Nullable Key key,
        @Nullable Expression measured) {
    private static final Evaluation HOLDS = new Evaluation.Value(BooleanNode.TRUE);

    public RoleDefinition {
        wheres = List.copyOf(wheres);
    }

    /** @param variable the name under which the expression sees the event */
    public record Key(Expression expression, String variable) {}

    /** The pattern with what its conditions imply, so that an index finds as few events as it can. */
    public Pattern indexed() {
        List<Condition> implied = new ArrayList<>();
        for (Expression where : wheres) {
            implied.addAll(where.implied("event"));
            implied.addAll(where.implied(alias));
        }
        if (implied.isEmpty()) {
            return pattern;
        }
        implied.addFirst(pattern.root());
        return new Pattern(new Condition.AllOf(implied));
    }

    /** The first condition on the event alone that is not met; true when all are. */
    public Evaluation evaluate(Map<String, JsonNode> variables) {
        for (Expression where : wheres) {
            Evaluation evaluation = where.evaluate(variables);
            if (!evaluation.isTrue()) {
                return evaluation;
            }
        }
        return HOLDS;
    }
}
