package io.helix.api.expression;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The names that an expression may use.
 *
 * @param variables of dynamic type
 * @param events what is an event, as it is written: {@code event}, or {@code events.opened} for a field of a variable. The
 *     attributes that CloudEvents defines are text there; extensions and {@code data} are dynamic
 */
public record Scope(Set<String> variables, Set<String> events) {
    public Scope {
        variables = Set.copyOf(variables);
        events = Set.copyOf(events);
    }

    public static Scope of(String... variables) {
        return new Scope(Set.of(variables), Set.of());
    }

    /** With variables that are events. */
    public Scope withEvents(Set<String> names) {
        return new Scope(union(variables, names), union(events, names));
    }

    /** With a variable of dynamic type. */
    public Scope with(String variable) {
        return new Scope(union(variables, Set.of(variable)), events);
    }

    /** With fields of a variable that are events. */
    public Scope withFields(String variable, Set<String> names) {
        return new Scope(
                variables,
                union(
                        events,
                        names.stream().map(name -> variable + "." + name).collect(Collectors.toUnmodifiableSet())));
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> all = new HashSet<>(some);
        all.addAll(others);
        return all;
    }
}
