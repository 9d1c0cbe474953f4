package io.helix.runtime.document;

import io.helix.api.rule.Pattern;
import io.helix.api.rule.RuleKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Looks for what is allowed in a rule but hardly meant: that it never matches, does what another does, or triggers
 * itself. Made once for the rules of a profile, it tells of each in little time. Thread safe.
 */
public final class RuleLint {
    private final RuleOverlaps overlaps;
    private final RuleLoops loops;

    /**
     * What lint has to know of a rule.
     *
     * @param roles patterns by alias; a rule about one event has the single role {@code event}. The patterns include
     *     what {@code where} implies
     * @param singleEvent whether one event is enough for it to fire
     * @param residue canonical text of everything else that decides whether it fires; equal text has equal meaning, and
     *     empty text says that a match is enough
     * @param effect canonical text of its {@code then}
     * @param recipes those it triggers
     */
    public record Subject(
            RuleKey key,
            boolean enabled,
            Map<String, Pattern> roles,
            boolean singleEvent,
            String residue,
            String effect,
            List<String> recipes) {
        public Subject {
            roles = Map.copyOf(roles);
            recipes = List.copyOf(recipes);
        }
    }

    /**
     * What a recipe may publish.
     *
     * @param types event types that its text names
     * @param sameType whether also events of the type of the one that triggered it
     * @param unknown whether also events of which the text does not tell the type
     */
    public record Emission(String recipe, Set<String> types, boolean sameType, boolean unknown) {
        public Emission {
            types = Set.copyOf(types);
        }
    }

    /**
     * @param all the rules of one profile as they will be
     * @param emissions what the recipes of the profile publish; empty for one that is not there
     */
    public RuleLint(Collection<Subject> all, Function<String, Optional<Emission>> emissions) {
        List<Subject> enabled = all.stream().filter(Subject::enabled).toList();
        overlaps = new RuleOverlaps(enabled);
        loops = new RuleLoops(enabled, emissions);
    }

    /** Checks one rule against others; for many rules make one object. */
    public static List<String> check(
            Subject rule, Collection<Subject> others, Function<String, Optional<Emission>> emissions) {
        return new RuleLint(others, emissions).warnings(rule);
    }

    /**
     * @param rule one of those given, a new form of one, or a further one
     * @return in plain words; empty when there is nothing to say
     */
    public List<String> warnings(Subject rule) {
        List<String> warnings = new ArrayList<>(mismatches(rule));
        if (rule.enabled() && mayMatch(rule)) {
            warnings.addAll(overlaps.of(rule));
            loops.of(rule).ifPresent(warnings::add);
        }
        return List.copyOf(warnings);
    }

    private static boolean mayMatch(Subject rule) {
        return rule.roles().values().stream()
                .allMatch(pattern -> Contradictions.in(pattern.root()).isEmpty());
    }

    private static List<String> mismatches(Subject rule) {
        List<String> found = new ArrayList<>();
        rule.roles().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(role ->
                        mismatch(place(rule, role.getKey()), role.getValue()).ifPresent(found::add));
        return found;
    }

    private static String place(Subject rule, String role) {
        String name = "rule '" + rule.key().name() + "'";
        return rule.singleEvent() ? name + ", match" : name + ", match of '" + role + "'";
    }

    private static Optional<String> mismatch(String place, Pattern pattern) {
        return Contradictions.in(pattern.root())
                .map(reason -> place + ": no event ever matches, since " + reason)
                .or(() -> Contradictions.withoutLists(pattern.root())
                        .map(reason -> place + ": only an event with a list of values matches, since for one value "
                                + reason));
    }
}
