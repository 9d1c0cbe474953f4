package io.helix.runtime.document;

import io.helix.api.agent.AgentType;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.api.expression.Expression;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.RuleKey;
import io.helix.api.situation.Situation;
import io.helix.runtime.agent.AgentRegistry;
import io.helix.runtime.document.RuleLint.Subject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lints the rules that are about to be applied, beside those that stay. */
final class RuleLints {
    private final Catalog catalog;
    private final AgentRegistry registry;

    RuleLints(Catalog catalog, AgentRegistry registry) {
        this.catalog = catalog;
        this.registry = registry;
    }

    /** Adds what there is to say of each rule to the warnings. */
    void warn(Compiler.Compiled compiled) {
        Map<String, Map<DocumentKey, RuleDefinition>> byProfile = compiled.rules().entrySet().stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.getKey().profile(), Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        byProfile.forEach((profile, changed) -> {
            RuleLint lint = new RuleLint(subjects(profile, changed), recipe -> emission(profile, recipe, compiled));
            changed.forEach((key, rule) -> {
                constants(rule).forEach(warning -> compiled.warn(key, warning));
                lint.warnings(subject(rule)).forEach(warning -> compiled.warn(key, warning));
            });
        });
    }

    /** Conditions that no event has a part in. */
    private static List<String> constants(RuleDefinition rule) {
        String place = "rule '" + rule.key().name() + "', where: ";
        return Stream.concat(
                        Stream.ofNullable(rule.where()), rule.roles().stream().flatMap(role -> role.wheres().stream()))
                .distinct()
                .flatMap(where -> where.constant(Map.of("vars", rule.vars())).stream()
                        .map(value -> place + "'" + where.source()
                                + (value
                                        ? "' is true for every event; leave it out"
                                        : "' is false for every event, so that it can never match")))
                .toList();
    }

    private List<Subject> subjects(String profile, Map<DocumentKey, RuleDefinition> changed) {
        Map<RuleKey, RuleDefinition> all = new HashMap<>();
        catalog.rules().forEach(rule -> all.put(rule.key(), rule));
        changed.values().forEach(rule -> all.put(rule.key(), rule));
        return all.values().stream()
                .filter(rule -> rule.key().profile().equals(profile))
                .map(RuleLints::subject)
                .toList();
    }

    private static Subject subject(RuleDefinition rule) {
        Map<String, Pattern> patterns =
                rule.roles().stream().collect(Collectors.toMap(RoleDefinition::alias, RoleDefinition::indexed));
        return new Subject(
                rule.key(),
                rule.enabled(),
                patterns,
                rule.situation() instanceof Situation.Any,
                residue(rule),
                rule.then().toString(),
                rule.then().stream().map(RuleDefinition.Consequence::recipe).toList());
    }

    /** Empty for a rule that fires for each event that matches. */
    private static String residue(RuleDefinition rule) {
        boolean conditional = rule.remembers()
                || rule.where() != null
                || rule.roles().stream().anyMatch(role -> !role.wheres().isEmpty());
        if (!conditional) {
            return "";
        }
        Map<String, String> roles = new TreeMap<>();
        rule.roles().forEach(role -> roles.put(role.alias(), text(role)));
        Duration lateness = rule.lateness();
        return Stream.of(
                        roles,
                        rule.situation(),
                        text(rule.where()),
                        rule.throttle(),
                        rule.clock(),
                        lateness,
                        rule.vars())
                .map(String::valueOf)
                .collect(Collectors.joining("\n"));
    }

    private static String text(RoleDefinition role) {
        String wheres = role.wheres().stream().map(Expression::source).sorted().collect(Collectors.joining(" && "));
        String key = role.key() == null ? "" : role.key().expression().source();
        return String.join("|", wheres, key, text(role.measured()));
    }

    private static String text(@org.jspecify.annotations.Nullable Expression expression) {
        return expression == null ? "" : expression.source();
    }

    private Optional<RuleLint.Emission> emission(String profile, String recipe, Compiler.Compiled compiled) {
        RecipeEmissions emissions = new RecipeEmissions(
                name -> Optional.ofNullable(compiled.agents().get(new DocumentKey(profile, Kind.AGENT, name)))
                        .or(() -> catalog.agent(profile, name)),
                type -> registry.find(type).map(AgentType::descriptor).map(descriptor -> descriptor.kind()));
        return Optional.ofNullable(compiled.recipes().get(new DocumentKey(profile, Kind.RECIPE, recipe)))
                .or(() -> catalog.recipe(profile, recipe))
                .map(emissions::of);
    }
}
