package io.helix.runtime.document;

import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.api.rule.RuleKey;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The definitions that are live now, in memory. Reads are lock-free; there is one writer at a time. */
public final class Catalog {
    private final Set<String> profiles = ConcurrentHashMap.newKeySet();
    private final Map<RuleKey, RuleDefinition> rules = new ConcurrentHashMap<>();
    private final Map<DocumentKey, RecipeDefinition> recipes = new ConcurrentHashMap<>();
    private final Map<DocumentKey, AgentDefinition> agents = new ConcurrentHashMap<>();

    public Set<String> profiles() {
        return Set.copyOf(profiles);
    }

    public boolean hasProfile(String profile) {
        return profiles.contains(profile);
    }

    public Optional<RuleDefinition> rule(RuleKey key) {
        return Optional.ofNullable(rules.get(key));
    }

    /** Since when the rule, in whatever revision, looks at events; empty when it is not there or not enabled. */
    public Optional<Instant> birth(RuleKey key) {
        return rule(key).filter(RuleDefinition::enabled).map(RuleDefinition::since);
    }

    public Optional<RecipeDefinition> recipe(String profile, String name) {
        return Optional.ofNullable(recipes.get(recipeKey(profile, name)));
    }

    public Optional<AgentDefinition> agent(String profile, String name) {
        return Optional.ofNullable(agents.get(agentKey(profile, name)));
    }

    public Iterable<RuleDefinition> rules() {
        return rules.values();
    }

    public Iterable<RecipeDefinition> recipes() {
        return recipes.values();
    }

    public Iterable<AgentDefinition> agents() {
        return agents.values();
    }

    public int ruleCount() {
        return rules.size();
    }

    public int recipeCount() {
        return recipes.size();
    }

    public int agentCount() {
        return agents.size();
    }

    public void addProfile(String profile) {
        profiles.add(profile);
    }

    public void removeProfile(String profile) {
        profiles.remove(profile);
    }

    public void put(RuleDefinition rule) {
        rules.put(rule.key(), rule);
    }

    public void put(RecipeDefinition recipe) {
        recipes.put(recipeKey(recipe.profile(), recipe.name()), recipe);
    }

    public void put(AgentDefinition agent) {
        agents.put(agentKey(agent.profile(), agent.name()), agent);
    }

    public void remove(DocumentKey key) {
        switch (key.kind()) {
            case RULE -> rules.remove(new RuleKey(key.profile(), key.name()));
            case RECIPE -> recipes.remove(key);
            case AGENT -> agents.remove(key);
            case PROFILE -> profiles.remove(key.name());
            case POLICY -> {}
        }
    }

    private static DocumentKey recipeKey(String profile, String name) {
        return new DocumentKey(profile, Kind.RECIPE, name);
    }

    private static DocumentKey agentKey(String profile, String name) {
        return new DocumentKey(profile, Kind.AGENT, name);
    }
}
