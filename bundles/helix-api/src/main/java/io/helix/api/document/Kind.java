package io.helix.api.document;

import io.helix.api.HelixException;
import java.util.Locale;

/** The kinds of documents. */
public enum Kind {
    PROFILE("Profile"),
    POLICY("Policy"),
    AGENT("Agent"),
    RECIPE("Recipe"),
    RULE("Rule");

    private final String word;

    Kind(String word) {
        this.word = word;
    }

    /** As written in documents. */
    public String word() {
        return word;
    }

    /** As written in URLs: {@code rules}. */
    public String plural() {
        return this == POLICY ? "policies" : word.toLowerCase(Locale.ROOT) + "s";
    }

    public static Kind ofWord(String word) {
        for (Kind kind : values()) {
            if (kind.word.equals(word)) {
                return kind;
            }
        }
        throw HelixException.invalid("kind '" + word + "' is not known: use Profile, Policy, Agent, Recipe or Rule");
    }

    public static Kind ofPlural(String plural) {
        for (Kind kind : values()) {
            if (kind.plural().equals(plural)) {
                return kind;
            }
        }
        throw HelixException.notFound("there are no '" + plural + "'");
    }
}
