package io.helix.runtime.control;

import com.fasterxml.jackson.databind.node.TextNode;
import io.helix.api.event.Event;
import io.helix.api.rule.Condition;
import io.helix.api.rule.ConditionReport;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.RuleKey;
import io.helix.api.rule.RuleMatcher;
import io.helix.api.rule.ValueTest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A matcher for tests that knows one condition: the type. */
final class TypeMatcher implements RuleMatcher {
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
                .filter(entry -> entry.getKey().profile().equals(profile) && matches(entry.getValue(), event))
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public List<ConditionReport> explain(Pattern pattern, Event event) {
        return List.of(new ConditionReport(
                "type", "the type", TextNode.valueOf(event.type()), false, matches(pattern, event)));
    }

    @Override
    public int size() {
        return patterns.size();
    }

    private static boolean matches(Pattern pattern, Event event) {
        return fields(pattern.root()).stream()
                .filter(field -> field.dottedPath().equals("type"))
                .allMatch(field -> field.tests().contains(new ValueTest.Equal(TextNode.valueOf(event.type()))));
    }

    private static List<Condition.Field> fields(Condition condition) {
        return switch (condition) {
            case Condition.AllOf(List<Condition> parts) ->
                parts.stream().flatMap(part -> fields(part).stream()).toList();
            case Condition.AnyOf(List<Condition> parts) -> List.of();
            case Condition.Field field -> List.of(field);
        };
    }
}
