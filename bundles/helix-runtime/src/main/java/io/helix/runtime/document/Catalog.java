package io.helix.runtime.document;

import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.api.rule.RuleKey;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Supplier;

/**
 * The definitions that are live now, in memory. Single reads never wait; there is one writer at a time.
 *
 * <p>What a rule matches and what it then does are kept in two places. Who changes rules does so in {@link #change}, and who
 * goes from the one to the other in {@link #steady}, so that no rule does with one pattern what it says beside another. A steady read takes no lock unless rules change
 * meanwhile; then it waits until they have.
 */
public final class Catalog {
    private final Set<String> profiles = ConcurrentHashMap.newKeySet();
    private final Map<RuleKey, RuleDefinition> rules = new ConcurrentHashMap<>();
    private final StampedLock changes = new StampedLock();
    private final Map<DocumentKey, RecipeDefinition> recipes = new ConcurrentHashMap<>();
    private final Map<DocumentKey, AgentDefinition> agents = new ConcurrentHashMap<>();

    /** Changes rules, here and where they are matched; those who read {@link #steady} see all of it or nothing. */
    public void change(Runnable change) {
        long stamp = changes.writeLock();
        try {
            change.run();
        } finally {
            changes.unlockWrite(stamp);
        }
    }

    /**
     * What {@code read} gives without a change in the meantime.
     *
     * @param read without effects, since it may be called twice; must not change rules
     */
    public <T> T steady(Supplier<T> read) {
        long stamp = changes.tryOptimisticRead();
        if (stamp != 0) {
            T value = read.get();
            if (changes.validate(stamp)) {
                return value;
            }
        }
        stamp = changes.readLock();
        try {
            return read.get();
        } finally {
            changes.unlockRead(stamp);
        }
    }

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
