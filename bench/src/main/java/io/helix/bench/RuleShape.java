package io.helix.bench;

import java.util.Locale;

/**
 * How many rules there are, and how many share an event type.
 *
 * @param leastRatio how many times faster than event-ruler the match has to be
 */
record RuleShape(int rules, int types, double leastRatio) {
    private static final int USUAL_RULES_PER_TYPE = 10;

    /** About ten rules of each type. */
    static RuleShape usual(int rules) {
        return new RuleShape(rules, Math.max(1, rules / USUAL_RULES_PER_TYPE), 5);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,d rules, %d a type", rules, rules / types);
    }
}
