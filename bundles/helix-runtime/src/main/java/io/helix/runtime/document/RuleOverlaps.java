package io.helix.runtime.document;

import io.helix.api.rule.Condition;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.RuleKey;
import io.helix.api.rule.ValueTest;
import io.helix.runtime.document.RuleLint.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds rules that do for an event what another rule does for it anyway. */
final class RuleOverlaps {
    private static final int MAX_CANDIDATES = 500;
    private static final int SHOWN = 3;

    private record Meaning(Map<String, String> roles, boolean singleEvent, String residue, String effect) {
        static Meaning of(Subject rule) {
            Map<String, String> roles = new TreeMap<>();
            rule.roles().forEach((alias, pattern) -> roles.put(alias, PatternText.canonical(pattern.root())));
            return new Meaning(roles, rule.singleEvent(), rule.residue(), rule.effect());
        }
    }

    /** A value that every event has which a rule matches; one of several when there is a list of them. */
    private record Anchor(String effect, List<String> path, String value) {
        static Anchor none(String effect) {
            return new Anchor(effect, List.of(), "");
        }
    }

    private final Map<Meaning, List<RuleKey>> byMeaning = new HashMap<>();
    private final Map<Anchor, List<Subject>> wideByAnchor = new HashMap<>();

    RuleOverlaps(Collection<Subject> enabled) {
        enabled.forEach(rule -> byMeaning
                .computeIfAbsent(Meaning.of(rule), meaning -> new ArrayList<>())
                .add(rule.key()));
        List<Subject> wide = enabled.stream().filter(RuleOverlaps::firesOnMatch).toList();
        Map<Anchor, Long> uses = wide.stream()
                .flatMap(rule -> choices(rule).flatMap(Collection::stream))
                .collect(Collectors.groupingBy(anchor -> anchor, Collectors.counting()));
        for (Subject rule : wide) {
            anchors(rule, uses)
                    .forEach(anchor -> wideByAnchor
                            .computeIfAbsent(anchor, it -> new ArrayList<>())
                            .add(rule));
        }
    }

    private static boolean firesOnMatch(Subject rule) {
        return rule.singleEvent() && rule.residue().isEmpty();
    }

    private static Condition root(Subject rule) {
        return rule.roles().values().stream()
                .map(Pattern::root)
                .findFirst()
                .orElseGet(() -> new Condition.AllOf(List.of()));
    }

    /** The lists of values one of which an event must have, each as anchors. */
    private static Stream<List<Anchor>> choices(Subject rule) {
        return conjuncts(root(rule))
                .flatMap(part -> part instanceof Condition.Field field ? Stream.of(field) : Stream.empty())
                .filter(field -> field.tests().stream().allMatch(ValueTest.Equal.class::isInstance))
                .map(field -> anchors(rule.effect(), field).toList());
    }

    private static Stream<Condition> conjuncts(Condition condition) {
        return condition instanceof Condition.AllOf all
                ? all.parts().stream().flatMap(RuleOverlaps::conjuncts)
                : Stream.of(condition);
    }

    private static Stream<Anchor> anchors(String effect, Condition.Field field) {
        return field.tests().stream()
                .filter(ValueTest.Equal.class::isInstance)
                .map(test -> new Anchor(effect, field.path(), PatternText.of(test)));
    }

    /** The choice whose values the fewest rules share. */
    private static List<Anchor> anchors(Subject rule, Map<Anchor, Long> uses) {
        return choices(rule)
                .min(Comparator.comparingLong(choice -> choice.stream()
                        .mapToLong(anchor -> uses.getOrDefault(anchor, 0L))
                        .sum()))
                .orElseGet(() -> List.of(Anchor.none(rule.effect())));
    }

    List<String> of(Subject rule) {
        List<RuleKey> twins = byMeaning.getOrDefault(Meaning.of(rule), List.of()).stream()
                .filter(key -> !key.equals(rule.key()))
                .toList();
        return Stream.concat(duplicate(rule, twins).stream(), covered(rule, Set.copyOf(twins)).stream())
                .toList();
    }

    private static Optional<String> duplicate(Subject rule, List<RuleKey> twins) {
        return twins.isEmpty()
                ? Optional.empty()
                : Optional.of("rule '" + rule.key().name() + "': " + names(twins)
                        + " asks for the same and does the same, so that both fire for each event. Delete or disable"
                        + " one of them");
    }

    private Optional<String> covered(Subject rule, Set<RuleKey> twins) {
        if (!rule.singleEvent()) {
            return Optional.empty();
        }
        List<RuleKey> wider = candidates(rule)
                .filter(other -> !other.key().equals(rule.key()) && !twins.contains(other.key()))
                .limit(MAX_CANDIDATES)
                .filter(other -> Implication.holds(root(rule), root(other)))
                .map(Subject::key)
                .toList();
        return wider.isEmpty()
                ? Optional.empty()
                : Optional.of("rule '" + rule.key().name() + "': every event it matches also fires " + names(wider)
                        + ", which does the same, so that it adds nothing but a second run. Delete one of them, or"
                        + " narrow the wider one with anything-but");
    }

    /** Whatever matches no more than a list of values names each of its values in one of its own equalities. */
    private Stream<Subject> candidates(Subject rule) {
        Set<Anchor> named = new LinkedHashSet<>();
        collect(rule.effect(), root(rule), named);
        named.add(Anchor.none(rule.effect()));
        return named.stream()
                .flatMap(anchor -> wideByAnchor.getOrDefault(anchor, List.of()).stream())
                .distinct();
    }

    private static void collect(String effect, Condition condition, Set<Anchor> found) {
        switch (condition) {
            case Condition.AllOf all -> all.parts().forEach(part -> collect(effect, part, found));
            case Condition.AnyOf any -> any.parts().forEach(part -> collect(effect, part, found));
            case Condition.Field field -> anchors(effect, field).forEach(found::add);
        }
    }

    private static String names(List<RuleKey> keys) {
        String shown =
                keys.stream().limit(SHOWN).map(key -> "'" + key.name() + "'").collect(Collectors.joining(", "));
        String rules = keys.size() == 1 ? "rule " + shown : "each of the rules " + shown;
        return keys.size() > SHOWN ? rules + " and " + (keys.size() - SHOWN) + " more" : rules;
    }
}
