package io.helix.api.rule;

/** Names a rule. */
public record RuleKey(String profile, String name) {
    @Override
    public String toString() {
        return profile + "/" + name;
    }
}
