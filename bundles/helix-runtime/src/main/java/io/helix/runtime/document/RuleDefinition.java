package io.helix.runtime.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.helix.api.HelixException;
import io.helix.api.Problem;
import io.helix.api.expression.Expression;
import io.helix.api.expression.Expressions;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.PatternParser;
import io.helix.api.rule.RuleKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rule, compiled.
 *
 * @param revision the revision of its document
 * @param where null when every event that matches the pattern counts
 */
public record RuleDefinition(
        RuleKey key,
        long revision,
        boolean enabled,
        Pattern pattern,
        @Nullable Expression where,
        List<Consequence> then) {
    static final Set<String> VARIABLES = Set.of("event");

    /** One recipe to trigger, with the inputs it gets. */
    public record Consequence(String recipe, Template with) {}

    static RuleDefinition parse(
            RuleKey key, long revision, JsonNode spec, Expressions expressions, List<Problem> problems) {
        Fields fields = new Fields(spec, "spec", problems);
        fields.optionalText("description");
        boolean enabled = fields.flag("enabled", true);
        Pattern pattern = pattern(fields, problems);
        Expression where = fields.optionalText("where")
                .map(source -> expression(source, expressions, fields, "where"))
                .orElse(null);
        List<Consequence> then = then(fields, expressions, problems);
        for (String later : List.of("pattern", "key", "throttle", "state", "clock", "lateness", "tests")) {
            fields.unsupported(later, "a rule matches one event with 'match' and 'where'");
        }
        fields.end();
        return new RuleDefinition(key, revision, enabled, pattern, where, List.copyOf(then));
    }

    private static Pattern pattern(Fields fields, List<Problem> problems) {
        if (!fields.has("match")) {
            fields.problem(
                    "match",
                    "is required: say which events the rule is about, for example match: {type: [order.created]}");
        }
        try {
            return PatternParser.parse(
                    fields.any("match").orElseGet(JsonNodeFactory.instance::objectNode), fields.where("match"));
        } catch (HelixException e) {
            problems.addAll(
                    e.problems().isEmpty() ? List.of(new Problem(fields.where("match"), e.message())) : e.problems());
            return new Pattern(new io.helix.api.rule.Condition.AnyOf(List.of()));
        }
    }

    private static @Nullable Expression expression(String source, Expressions expressions, Fields fields, String key) {
        try {
            return expressions.compile(source, VARIABLES);
        } catch (HelixException e) {
            fields.problem(key, e.message());
            return null;
        }
    }

    private static List<Consequence> then(Fields fields, Expressions expressions, List<Problem> problems) {
        List<Consequence> then = new ArrayList<>();
        List<JsonNode> items = fields.list("then", 16);
        if (items.isEmpty()) {
            fields.problem("then", "must name at least one recipe: then: [{recipe: my-recipe}]");
        }
        for (int i = 0; i < items.size(); i++) {
            Fields item = new Fields(items.get(i), fields.where("then[" + i + "]"), problems);
            Template with = Template.compile(item.object("with"), VARIABLES, expressions, item.where("with"), problems);
            then.add(new Consequence(item.text("recipe"), with));
            item.unsupported("dedup", "the same event triggers a recipe once per rule revision");
            item.end();
        }
        return then;
    }
}
