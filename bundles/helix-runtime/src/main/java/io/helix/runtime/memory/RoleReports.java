package io.helix.runtime.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.control.ControlPlane.RoleReport;
import io.helix.api.control.ControlPlane.WhereReport;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.api.expression.Evaluation;
import io.helix.api.expression.Expression;
import io.helix.api.rule.ConditionReport;
import io.helix.api.rule.RuleMatcher;
import io.helix.runtime.document.RoleDefinition;
import io.helix.runtime.document.RuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the roles of a rule say to an event, condition by condition. */
final class RoleReports {
    private RoleReports() {}

    /** @param facts what held when the event was stored */
    static List<RoleReport> of(RuleDefinition rule, Event event, ObjectNode facts, RuleMatcher matcher) {
        JsonNode json = EventFormat.toJson(event);
        return rule.roles().stream()
                .map(role -> of(rule, role, event, Views.ofRole(rule, role, json, facts), matcher))
                .toList();
    }

    private static RoleReport of(
            RuleDefinition rule, RoleDefinition role, Event event, Map<String, JsonNode> view, RuleMatcher matcher) {
        List<ConditionReport> conditions = matcher.explain(role.pattern(), event);
        WhereReport where = where(role.wheres(), view);
        String key = RuleMemory.key(role, view);
        String note = note(rule, role, view, key);
        boolean matches = conditions.stream().allMatch(ConditionReport::passed)
                && (where == null || where.passed())
                && note.isEmpty();
        return new RoleReport(
                role.alias(), role.absent(), matches, conditions, where, role.key() == null ? null : key, note);
    }

    private static String note(
            RuleDefinition rule, RoleDefinition role, Map<String, JsonNode> view, @Nullable String key) {
        if (key == null && role.key() != null) {
            return "its key is absent: " + role.key().expression().source();
        }
        Expression measured = role.measured();
        if (measured != null && RuleMemory.measured(rule, role, view) == null) {
            return "there is nothing to measure: " + measured.source() + " is " + outcome(measured.evaluate(view));
        }
        return "";
    }

    /** The first condition that fails, or all of them when none does. */
    private static @Nullable WhereReport where(List<Expression> wheres, Map<String, JsonNode> view) {
        for (Expression where : wheres) {
            if (!where.test(view)) {
                return report(
                        where,
                        where.evaluate(view),
                        view.getOrDefault(RuleDefinition.FACTS, MissingNode.getInstance()));
            }
        }
        return wheres.isEmpty()
                ? null
                : new WhereReport(
                        wheres.stream().map(Expression::source).collect(Collectors.joining(" && ")), true, "true");
    }

    /** @param facts what the condition saw, which is shown when it looks at them */
    static WhereReport report(Expression where, Evaluation evaluation, JsonNode facts) {
        String seen = where.variables().contains(RuleDefinition.FACTS) ? ", with facts " + shown(facts) : "";
        return new WhereReport(where.source(), evaluation.isTrue(), outcome(evaluation) + seen);
    }

    private static String outcome(Evaluation evaluation) {
        return switch (evaluation) {
            case Evaluation.Value(JsonNode value) -> value.toString();
            case Evaluation.Absent(String message) -> "absent: " + message;
            case Evaluation.Failed(String message) -> "failed: " + message;
        };
    }

    /** Why an event plays no role, in one line. */
    static String refusal(RuleDefinition rule, List<RoleReport> reports) {
        boolean only = reports.size() == 1 && reports.getFirst().alias().equals(RuleDefinition.EVENT);
        return reports.stream()
                .map(report -> (only ? "" : report.alias() + ": ") + refusal(report))
                .collect(Collectors.joining("; ", only ? "does not match: " : "plays no role: ", ""));
    }

    private static String refusal(RoleReport report) {
        for (ConditionReport condition : report.conditions()) {
            if (!condition.passed()) {
                return condition.absent()
                        ? condition.path() + " is absent"
                        : condition.path() + " is " + shown(condition.value()) + ", wanted " + condition.test();
            }
        }
        WhereReport where = report.where();
        if (where != null && !where.passed()) {
            return "where is " + where.outcome();
        }
        return report.note();
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }
}
