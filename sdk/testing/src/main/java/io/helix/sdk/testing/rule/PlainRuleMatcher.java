package io.helix.sdk.testing.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.api.rule.Condition;
import io.helix.api.rule.ConditionReport;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.RuleKey;
import io.helix.api.rule.RuleMatcher;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Matches by trying every pattern. */
public final class PlainRuleMatcher implements RuleMatcher {
    private final Map<RuleKey, Pattern> patterns = new ConcurrentHashMap<>();

    @Override
    public void put(Map<RuleKey, Pattern> added) {
        patterns.putAll(added);
    }

    @Override
    public void remove(Collection<RuleKey> keys) {
        keys.forEach(patterns::remove);
    }

    @Override
    public List<RuleKey> match(String profile, Event event) {
        return patterns.entrySet().stream()
                .filter(entry -> entry.getKey().profile().equals(profile))
                .filter(entry -> PlainPatterns.matches(entry.getValue().root(), event))
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public List<ConditionReport> explain(Pattern pattern, Event event) {
        return conjuncts(pattern.root()).stream()
                .map(condition -> report(condition, event))
                .toList();
    }

    private static List<Condition> conjuncts(Condition root) {
        return root instanceof Condition.AllOf all
                ? all.parts().stream().flatMap(part -> conjuncts(part).stream()).toList()
                : List.of(root);
    }

    private static ConditionReport report(Condition condition, Event event) {
        String path = condition instanceof Condition.Field field ? field.dottedPath() : "$or";
        JsonNode value = EventFormat.toJson(event);
        for (String step : path.split("\\.")) {
            value = value.path(step);
        }
        boolean passed = PlainPatterns.matches(condition, event);
        return new ConditionReport(
                path,
                condition.toString(),
                value.isMissingNode() ? MissingNode.getInstance() : value,
                value.isMissingNode(),
                passed);
    }

    @Override
    public int size() {
        return patterns.size();
    }
}
