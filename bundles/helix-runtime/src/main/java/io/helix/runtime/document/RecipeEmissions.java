package io.helix.runtime.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.AgentKind;
import io.helix.runtime.document.RecipeDefinition.Step;
import io.helix.runtime.document.RuleLint.Emission;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads from the text of a recipe what types of events it may publish. */
final class RecipeEmissions {
    private static final String TYPE = "type";

    private final Function<String, Optional<AgentDefinition>> agents;
    private final Function<TypeRef, Optional<AgentKind>> kinds;

    /**
     * @param agents the agents of the recipe's profile, by name
     * @param kinds empty for a type that is not deployed
     */
    RecipeEmissions(Function<String, Optional<AgentDefinition>> agents, Function<TypeRef, Optional<AgentKind>> kinds) {
        this.agents = agents;
        this.kinds = kinds;
    }

    /** What comes out of a step. @param same whether events of the type of the one that triggered the run do */
    private record Outcome(Set<String> types, boolean same, boolean unknown) {
        static final Outcome NOTHING = new Outcome(Set.of(), false, false);
        static final Outcome SAME = new Outcome(Set.of(), true, false);
        static final Outcome UNKNOWN = new Outcome(Set.of(), false, true);

        static Outcome named(String type) {
            return new Outcome(Set.of(type), false, false);
        }

        Outcome or(Outcome other) {
            Set<String> all = new HashSet<>(types);
            all.addAll(other.types);
            return new Outcome(all, same || other.same, unknown || other.unknown);
        }
    }

    Emission of(RecipeDefinition recipe) {
        Map<String, Outcome> outcomes = new HashMap<>();
        Outcome published = Outcome.NOTHING;
        for (Step step : recipe.steps()) {
            Optional<TypeRef> type = typeOf(step);
            Optional<AgentKind> kind = type.flatMap(kinds);
            Outcome outcome = outcome(step, type, kind, outcomes);
            outcomes.put(
                    step.id(), kind.filter(AgentKind.ACTION::equals).isPresent() ? outcome.or(Outcome.SAME) : outcome);
            boolean publishes = step.publish()
                    || !kind.filter(AgentKind.TRANSFORMER::equals).isPresent();
            published = publishes ? published.or(outcome) : published;
        }
        return new Emission(recipe.name(), published.types(), published.same(), published.unknown());
    }

    private Optional<TypeRef> typeOf(Step step) {
        return step.type() != null
                ? Optional.of(step.type())
                : agents.apply(String.valueOf(step.agent())).map(AgentDefinition::type);
    }

    /** Of transformers those are understood that come with Helix; what others emit, only their code knows. */
    private Outcome outcome(
            Step step, Optional<TypeRef> type, Optional<AgentKind> kind, Map<String, Outcome> outcomes) {
        return switch (type.map(TypeRef::type).orElse("")) {
            case "filter" -> input(step, outcomes);
            case "transform" -> configuredType(step).map(RecipeEmissions::named).orElseGet(() -> input(step, outcomes));
            default ->
                kind.filter(AgentKind.TRANSFORMER::equals)
                        .flatMap(transformer -> configuredType(step))
                        .map(RecipeEmissions::named)
                        .orElse(Outcome.NOTHING)
                        .or(Outcome.UNKNOWN);
        };
    }

    private static Outcome input(Step step, Map<String, Outcome> outcomes) {
        return step.from() == null ? Outcome.SAME : outcomes.getOrDefault(step.from(), Outcome.UNKNOWN);
    }

    private static Outcome named(Template type) {
        return type instanceof Template.Constant(JsonNode value) && value.isTextual()
                ? Outcome.named(value.textValue())
                : Outcome.UNKNOWN;
    }

    /** What stands under {@code type} in the configuration; empty when nothing does. */
    private Optional<Template> configuredType(Step step) {
        return field(step.with())
                .or(() -> step.agent() == null
                        ? Optional.empty()
                        : agents.apply(step.agent()).flatMap(agent -> field(agent.config())));
    }

    private static Optional<Template> field(Template config) {
        return switch (config) {
            case Template.Constant(JsonNode value) ->
                value instanceof ObjectNode object ? field(object) : Optional.empty();
            case Template.ObjectOf(Map<String, Template> fields) -> Optional.ofNullable(fields.get(TYPE));
            case Template.Single single -> Optional.empty();
            case Template.Joined joined -> Optional.empty();
            case Template.ListOf list -> Optional.empty();
        };
    }

    private static Optional<Template> field(ObjectNode config) {
        return config.hasNonNull(TYPE) ? Optional.of(new Template.Constant(config.get(TYPE))) : Optional.empty();
    }
}
