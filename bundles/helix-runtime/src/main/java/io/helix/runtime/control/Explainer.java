package io.helix.runtime.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.HelixException;
import io.helix.api.control.ControlPlane.Explanation;
import io.helix.api.control.ControlPlane.RoleReport;
import io.helix.api.control.ControlPlane.WhereReport;
import io.helix.api.event.Event;
import io.helix.api.expression.Evaluation;
import io.helix.api.policy.Decision;
import io.helix.api.policy.EntityRef;
import io.helix.api.recipe.Run;
import io.helix.api.rule.ConditionReport;
import io.helix.api.rule.RuleKey;
import io.helix.api.rule.RuleMatcher;
import io.helix.api.store.Projection;
import io.helix.api.store.Projection.AuditEntry;
import io.helix.api.store.Projection.RunQuery;
import io.helix.runtime.access.Gate;
import io.helix.runtime.document.Catalog;
import io.helix.runtime.document.RuleDefinition;
import io.helix.runtime.match.Variables;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says why a rule fires or does not fire for an event, with the same code that decides it. */
final class Explainer {
    private final Catalog catalog;
    private final RuleMatcher matcher;
    private final Gate gate;
    private final Projection projection;

    Explainer(Catalog catalog, RuleMatcher matcher, Gate gate, Projection projection) {
        this.catalog = catalog;
        this.matcher = matcher;
        this.gate = gate;
        this.projection = projection;
    }

    Explanation explain(String profile, Event event, String ruleName) {
        RuleDefinition rule = catalog.rule(new RuleKey(profile, ruleName))
                .orElseThrow(() ->
                        HelixException.notFound("rule '" + ruleName + "' does not exist in profile '" + profile + "'"));
        List<ConditionReport> conditions = matcher.explain(rule.pattern(), event);
        boolean matches = conditions.stream().allMatch(ConditionReport::passed);
        WhereReport where = where(rule, event);
        boolean fires = rule.enabled() && matches && (where == null || where.passed());
        AuditEntry decision = fires ? decision(profile, rule, event) : null;
        List<Run> runs = projection
                .runs(profile, new RunQuery(null, ruleName, event.id(), null, null, 20))
                .items();
        return new Explanation(
                event.id(),
                ruleName,
                rule.revision(),
                fires && (decision == null || decision.permitted()),
                summary(rule, conditions, where, decision),
                List.of(new RoleReport("event", false, matches, conditions, where, null, "")),
                null,
                List.of(),
                null,
                decision,
                runs);
    }

    private static @Nullable WhereReport where(RuleDefinition rule, Event event) {
        if (rule.where() == null) {
            return null;
        }
        String source = rule.where().source();
        return switch (rule.where().evaluate(Variables.event(event))) {
            case Evaluation.Value(JsonNode value) ->
                new WhereReport(source, value.isBoolean() && value.booleanValue(), value.toString());
            case Evaluation.Absent(String message) -> new WhereReport(source, false, "absent: " + message);
            case Evaluation.Failed(String message) -> new WhereReport(source, false, "failed: " + message);
        };
    }

    private @Nullable AuditEntry decision(String profile, RuleDefinition rule, Event event) {
        AuditEntry last = null;
        for (RuleDefinition.Consequence then : rule.then()) {
            Gate.Principal principal = Gate.rule(profile, rule.key().name());
            Decision decision = gate.trigger(principal, profile, then.recipe(), event);
            last = gate.audit(
                    principal.ref().toString(),
                    "triggerRecipe",
                    new EntityRef("Recipe", profile + "/" + then.recipe()),
                    decision,
                    event.id());
            if (!decision.permitted()) {
                return last;
            }
        }
        return last;
    }

    private static String summary(
            RuleDefinition rule,
            List<ConditionReport> conditions,
            @Nullable WhereReport where,
            @Nullable AuditEntry decision) {
        if (!rule.enabled()) {
            return "the rule is disabled";
        }
        for (ConditionReport condition : conditions) {
            if (!condition.passed()) {
                return condition.absent()
                        ? "does not match: " + condition.path() + " is absent"
                        : "does not match: " + condition.path() + " is " + condition.value() + ", wanted "
                                + condition.test();
            }
        }
        if (where != null && !where.passed()) {
            return "matches, but where is " + where.outcome();
        }
        if (decision != null && !decision.permitted()) {
            return "matches, but policy forbids: " + decision.reason();
        }
        return decision == null ? "matches" : "matches; " + decision.reason();
    }
}
