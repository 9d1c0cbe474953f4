package io.helix.drools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.event.Event;
import io.helix.api.rule.Condition;
import io.helix.api.rule.ConditionReport;
import io.helix.api.rule.Pattern;
import java.util.List;

/** Reports on each condition that must hold; the event matches exactly if all of them passed. */
final class Explanation {
    private Explanation() {}

    static List<ConditionReport> of(Pattern pattern, Event event) {
        return IndexPlan.conjuncts(pattern.root()).stream()
                .map(condition -> report(condition, event))
                .toList();
    }

    private static ConditionReport report(Condition condition, Event event) {
        return switch (condition) {
            case Condition.Field field -> field(field, event);
            case Condition.AnyOf any -> composite("$or", any, event);
            case Condition.AllOf all -> composite("", all, event);
        };
    }

    private static ConditionReport field(Condition.Field field, Event event) {
        List<JsonNode> values = PlainEvaluator.values(field.path(), event);
        boolean passed = PlainEvaluator.anyTestPasses(field, values);
        return new ConditionReport(
                field.dottedPath(), Wording.of(field.tests()), shown(values), values.isEmpty(), passed);
    }

    private static ConditionReport composite(String path, Condition condition, Event event) {
        ObjectNode seen = JsonNodeFactory.instance.objectNode();
        see(condition, event, seen);
        return new ConditionReport(
                path, Wording.of(condition), seen, seen.isEmpty(), PlainEvaluator.matches(condition, event));
    }

    /** Collects the values that the branches look at. */
    private static void see(Condition condition, Event event, ObjectNode seen) {
        switch (condition) {
            case Condition.AllOf all -> all.parts().forEach(part -> see(part, event, seen));
            case Condition.AnyOf any -> any.parts().forEach(part -> see(part, event, seen));
            case Condition.Field field -> {
                JsonNode value = shown(PlainEvaluator.values(field.path(), event));
                if (!value.isMissingNode()) {
                    seen.set(field.dottedPath(), value);
                }
            }
        }
    }

    private static JsonNode shown(List<JsonNode> values) {
        if (values.size() == 1) {
            return values.get(0);
        }
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        values.forEach(all::add);
        return values.isEmpty() ? MissingNode.getInstance() : all;
    }
}
