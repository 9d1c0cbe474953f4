package io.helix.runtime.document;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.expression.Expression;
import io.helix.api.rule.RuleKey;
import io.helix.api.situation.Situation;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rule, compiled.
 *
 * @param revision the revision of its document
 * @param since when it was made, in whatever revision
 * @param lookBack how much older than itself the events are that it also looks at when it is new
 * @param where on several events together; null when there is none. What is about one event is in its role
 * @param throttle null when the rule fires for every match
 * @param lateness how long to wait for events that come late; zero with the clock of arrival
 * @param then what it triggers, in order
 */
public record RuleDefinition(
        RuleKey key,
        long revision,
        Instant since,
        Duration lookBack,
        boolean enabled,
        Situation situation,
        List<RoleDefinition> roles,
        @Nullable Expression where,
        @Nullable ThrottleDefinition throttle,
        RuleClock clock,
        Duration lateness,
        OnRuleChange onRuleChange,
        ObjectNode vars,
        List<Consequence> then,
        List<RuleTest> tests) {
    /** The alias of the only event of a rule without a pattern. */
    public static final String EVENT = "event";

    /** The variable that holds the facts of the profile. */
    public static final String FACTS = "facts";

    public RuleDefinition {
        roles = List.copyOf(roles);
        then = List.copyOf(then);
        tests = List.copyOf(tests);
    }

    /** Which time of an event counts. */
    public enum RuleClock {
        /** When it was stored. */
        ARRIVAL,
        /** What it says itself. */
        EVENT
    }

    /** What a changed rule does with what it remembers. */
    public enum OnRuleChange {
        /** Remembered events stay in the roles that the rule still has. */
        KEEP,
        /** It begins with an empty memory. */
        DROP,
        /** It looks at the stored events of its window as if it had always been so. */
        RE_EVALUATE
    }

    /**
     * One recipe to trigger, with the inputs it gets.
     *
     * @param dedup what is the same for all that is to trigger it once; null when each match is another
     */
    public record Consequence(
            String recipe, Template with, @Nullable Template dedup) {
        boolean refersTo(String alias) {
            return refers(with, alias) || dedup != null && refers(dedup, alias);
        }

        private static boolean refers(Template template, String alias) {
            return RuleDefinition.refersTo(template.variables(), alias);
        }
    }

    /** The same rule, looking at events from another time on. */
    public RuleDefinition since(Instant from) {
        return new RuleDefinition(
                key,
                revision,
                from,
                lookBack,
                enabled,
                situation,
                roles,
                where,
                throttle,
                clock,
                lateness,
                onRuleChange,
                vars,
                then,
                tests);
    }

    /** Whether what it does with an event depends on others, so that it needs events in order and a memory. */
    public boolean remembers() {
        return throttle != null
                || !lookBack.isZero()
                || !(situation instanceof Situation.Any any)
                || any.aliases().size() > 1;
    }

    /** It looks at events stored from then on; in whole milliseconds, as the log is read. */
    public Instant looksFrom() {
        Instant from = since.isAfter(Instant.EPOCH) ? since.minus(lookBack) : since;
        return from.truncatedTo(ChronoUnit.MILLIS);
    }

    /** The role of a rule that is about one event. */
    public RoleDefinition only() {
        return roles.getFirst();
    }

    public RoleDefinition role(String alias) {
        return roles.stream()
                .filter(role -> role.alias().equals(alias))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("rule " + key + " has no role " + alias));
    }

    /** How long after an event was stored the rule may still depend on it. */
    public Duration horizon() {
        Duration matching = situation.span().plus(lateness);
        return throttle == null ? matching : matching.plus(throttle.window());
    }

    /** Whether the event in a role is needed after others came. */
    public boolean keepsEvent(String alias) {
        return firesByTime()
                || asksAgain()
                || where != null && refersTo(where.variables(), alias)
                || then.stream().anyMatch(consequence -> consequence.refersTo(alias));
    }

    private static boolean refersTo(Set<String> variables, String alias) {
        return variables.contains(alias) || variables.contains("events");
    }

    /** A condition that is asked again after a restart has to see what it saw. */
    private boolean asksAgain() {
        return where != null && where.variables().contains(EVENT);
    }

    /** Whether the last event of a match can be long past when the rule fires. */
    private boolean firesByTime() {
        return throttle != null && throttle.mode() == ThrottleDefinition.Mode.ONCE_AFTER
                || switch (situation) {
                    case Situation.Sequence sequence ->
                        sequence.steps().getLast().absent();
                    case Situation.Aggregate aggregate ->
                        aggregate.window() instanceof Situation.Tumbling tumbling && tumbling.atEnd();
                    case Situation.All all -> false;
                    case Situation.Any any -> false;
                };
    }
}
