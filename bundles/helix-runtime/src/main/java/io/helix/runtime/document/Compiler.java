package io.helix.runtime.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.HelixException;
import io.helix.api.Problem;
import io.helix.api.agent.AgentDescriptor;
import io.helix.api.agent.AgentKind;
import io.helix.api.agent.AgentType;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.api.expression.Expressions;
import io.helix.api.policy.Authorizer;
import io.helix.api.rule.RuleKey;
import io.helix.runtime.agent.AgentRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns drafts into definitions, together: a draft may refer to another of the same call. */
public final class Compiler {
    private final Expressions expressions;
    private final Authorizer authorizer;
    private final AgentRegistry registry;
    private final Catalog catalog;
    private final ConfigSchemas schemas = new ConfigSchemas();
    private final RuleLints lints;

    public Compiler(Expressions expressions, Authorizer authorizer, AgentRegistry registry, Catalog catalog) {
        this.expressions = expressions;
        this.authorizer = authorizer;
        this.registry = registry;
        this.catalog = catalog;
        this.lints = new RuleLints(catalog, registry);
    }

    /** What drafts came to. @param warnings by document: things that are allowed but may not be meant */
    public record Compiled(
            Map<DocumentKey, RuleDefinition> rules,
            Map<DocumentKey, RecipeDefinition> recipes,
            Map<DocumentKey, AgentDefinition> agents,
            Map<DocumentKey, String> policies,
            Map<DocumentKey, List<String>> warnings) {
        public void warn(DocumentKey key, String warning) {
            warnings.merge(
                    key,
                    List.of(warning),
                    (before, added) ->
                            Stream.concat(before.stream(), added.stream()).toList());
        }
    }

    /** @throws HelixException INVALID with every problem in every draft */
    public Compiled compile(List<Draft> drafts) {
        Compiled compiled = new Compiled(
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>());
        List<Problem> problems = new ArrayList<>();
        for (Draft draft : drafts) {
            List<Problem> own = new ArrayList<>();
            add(draft, compiled, own);
            own.forEach(problem -> problems.add(placed(draft.key(), problem)));
        }
        for (Draft draft : drafts) {
            List<Problem> own = new ArrayList<>();
            List<String> warnings = new ArrayList<>();
            check(draft.key(), compiled, own, warnings);
            own.forEach(problem -> problems.add(placed(draft.key(), problem)));
            compiled.warnings().put(draft.key(), List.copyOf(warnings));
        }
        DocumentReader.refuse(problems);
        lints.warn(compiled);
        return compiled;
    }

    /** Compiles a stored document again, with the revision it has. */
    public RuleDefinition rule(DocumentKey key, long revision, Instant since, JsonNode content) {
        List<Problem> problems = new ArrayList<>();
        RuleDefinition rule = RuleReader.read(
                new RuleKey(key.profile(), key.name()), revision, since, content.path("spec"), expressions, problems);
        DocumentReader.refuse(problems);
        return rule;
    }

    public RecipeDefinition recipe(DocumentKey key, long revision, JsonNode content) {
        List<Problem> problems = new ArrayList<>();
        RecipeDefinition recipe = RecipeDefinition.parse(
                key.profile(), key.name(), revision, content.path("spec"), expressions, problems);
        DocumentReader.refuse(problems);
        return recipe;
    }

    public AgentDefinition agent(DocumentKey key, JsonNode content) {
        List<Problem> problems = new ArrayList<>();
        AgentDefinition agent = AgentDefinition.parse(key.profile(), key.name(), content.path("spec"), problems);
        DocumentReader.refuse(problems);
        return agent;
    }

    public static String policyText(JsonNode content) {
        return content.path("spec").path("cedar").asText();
    }

    /** What is wrong with a configuration that comes from no document, or was resolved at run time. */
    public List<Problem> checkConfig(AgentDescriptor type, JsonNode config, String where) {
        return schemas.check(type, config, where);
    }

    private static Problem placed(DocumentKey key, Problem problem) {
        return new Problem(key + " " + problem.where(), problem.message());
    }

    private void add(Draft draft, Compiled compiled, List<Problem> problems) {
        DocumentKey key = draft.key();
        switch (key.kind()) {
            case PROFILE -> {
                Fields fields = new Fields(draft.spec(), "spec", problems);
                fields.optionalText("description");
                fields.end();
            }
            case POLICY -> compiled.policies().put(key, policy(key, draft.spec(), problems));
            case AGENT ->
                compiled.agents().put(key, AgentDefinition.parse(key.profile(), key.name(), draft.spec(), problems));
            case RECIPE ->
                compiled.recipes()
                        .put(
                                key,
                                RecipeDefinition.parse(
                                        key.profile(), key.name(), 0, draft.spec(), expressions, problems));
            case RULE ->
                compiled.rules()
                        .put(
                                key,
                                RuleReader.read(
                                        new RuleKey(key.profile(), key.name()),
                                        0,
                                        Instant.EPOCH,
                                        draft.spec(),
                                        expressions,
                                        problems));
        }
    }

    private String policy(DocumentKey key, JsonNode spec, List<Problem> problems) {
        Fields fields = new Fields(spec, "spec", problems);
        fields.optionalText("description");
        String text = fields.text("cedar");
        fields.end();
        if (!text.isEmpty()) {
            authorizer
                    .validate(key.name(), text)
                    .forEach(problem ->
                            problems.add(new Problem(("spec.cedar " + problem.where()).strip(), problem.message())));
        }
        return text;
    }

    private void check(DocumentKey key, Compiled compiled, List<Problem> problems, List<String> warnings) {
        switch (key.kind()) {
            case PROFILE, POLICY -> {}
            case AGENT -> checkAgent(required(compiled.agents(), key), problems, warnings);
            case RECIPE -> {
                checkSteps(key, required(compiled.recipes(), key), compiled, problems, warnings);
            }
            case RULE -> {
                RuleDefinition rule = required(compiled.rules(), key);
                rule.then().forEach(then -> checkConsequence(key.profile(), then, compiled, problems));
                if (rule.horizon().compareTo(RuleReader.LONGEST) > 0) {
                    warnings.add(
                            "remembers events for more than 7 days with its window, throttle and lateness together;"
                                    + " events are kept for 7 days unless events.max.age says otherwise");
                }
            }
        }
    }

    private static <T> T required(Map<DocumentKey, T> definitions, DocumentKey key) {
        T definition = definitions.get(key);
        if (definition == null) {
            throw new IllegalStateException(key + " was not compiled");
        }
        return definition;
    }

    private void checkConsequence(
            String profile, RuleDefinition.Consequence then, Compiled compiled, List<Problem> problems) {
        if (then.recipe().isEmpty()) {
            return;
        }
        Optional<RecipeDefinition> recipe = Optional.ofNullable(
                        compiled.recipes().get(new DocumentKey(profile, Kind.RECIPE, then.recipe())))
                .or(() -> catalog.recipe(profile, then.recipe()));
        if (recipe.isEmpty()) {
            problems.add(new Problem(
                    "spec.then",
                    "recipe '" + then.recipe() + "' does not exist in profile '" + profile
                            + "': apply it first, or together with the rule"));
        }
    }

    private void checkAgent(AgentDefinition agent, List<Problem> problems, List<String> warnings) {
        Optional<AgentType> type = registry.find(agent.type());
        if (type.isEmpty()) {
            warnings.add("agent type " + agent.type() + " is not deployed; the agent waits for it");
            return;
        }
        List<Problem> wrong = schemas.check(type.get().descriptor(), agent.config(), "spec.config");
        problems.addAll(wrong);
        if (wrong.isEmpty()) {
            try {
                type.get().config(agent.config());
            } catch (HelixException e) {
                problems.add(new Problem("spec.config", e.message()));
            }
        }
    }

    private void checkSteps(
            DocumentKey key,
            RecipeDefinition recipe,
            Compiled compiled,
            List<Problem> problems,
            List<String> warnings) {
        Map<String, AgentKind> kinds = new LinkedHashMap<>();
        for (RecipeDefinition.Step step : recipe.steps()) {
            checkWhen(step, warnings);
            checkStep(key.profile(), step, compiled, problems, warnings)
                    .ifPresent(type -> kinds.put(step.id(), type.descriptor().kind()));
        }
        for (RecipeDefinition.Step step : recipe.steps()) {
            if (kinds.get(String.valueOf(step.from())) == AgentKind.ACTION) {
                problems.add(new Problem(
                        "step '" + step.id() + "' from",
                        "'" + step.from() + "' is an action; only a transformer hands an event on"));
            }
        }
    }

    private static void checkWhen(RecipeDefinition.Step step, List<String> warnings) {
        Optional<Boolean> always = Optional.ofNullable(step.when()).flatMap(when -> when.constant(Map.of()));
        always.ifPresent(value -> warnings.add("step '" + step.id() + "', when: "
                + (value
                        ? "is true in every run; leave it out"
                        : "is false in every run, so that it is always skipped")));
    }

    private Optional<AgentType> checkStep(
            String profile,
            RecipeDefinition.Step step,
            Compiled compiled,
            List<Problem> problems,
            List<String> warnings) {
        String place = "step '" + step.id() + "'";
        Optional<AgentType> type = Optional.empty();
        if (step.type() != null) {
            type = registry.find(step.type());
            if (type.isEmpty()) {
                warnings.add(place + " uses " + step.type() + ", which is not deployed; runs fail until it is");
            } else if (step.with().constant()) {
                problems.addAll(
                        schemas.check(type.get().descriptor(), step.with().resolve(Map.of()), place + " with"));
            }
        } else {
            String name = String.valueOf(step.agent());
            Optional<AgentDefinition> agent = Optional.ofNullable(
                            compiled.agents().get(new DocumentKey(profile, Kind.AGENT, name)))
                    .or(() -> catalog.agent(profile, name));
            if (agent.isEmpty()) {
                problems.add(new Problem(place, "agent '" + name + "' does not exist in profile '" + profile + "'"));
                return Optional.empty();
            }
            type = registry.find(agent.get().type());
        }
        if (type.isPresent() && type.get().descriptor().kind() == AgentKind.SOURCE) {
            problems.add(new Problem(
                    place, step.performer() + " is a source: it produces events by itself and cannot be a step"));
        }
        return type;
    }
}
