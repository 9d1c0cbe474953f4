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
 * @param flags variables whose fields are {@code false} where they are not there, unless the expression asks with
 *     {@code has} whether they are
 */
public record Scope(Set<String> variables, Set<String> events, Set<String> flags) {
    public Scope {
        variables = Set.copyOf(variables);
        events = Set.copyOf(events);
        flags = Set.copyOf(flags);
    }

    public static Scope of(String... variables) {
        return new Scope(Set.of(variables), Set.of(), Set.of());
    }

    /** With variables that are events. */
    public Scope withEvents(Set<String> names) {
        return new Scope(union(variables, names), union(events, names), flags);
    }

    /** With a variable of dynamic type. */
    public Scope with(String variable) {
        return new Scope(union(variables, Set.of(variable)), events, flags);
    }

    /** With a variable whose fields are {@code false} where they are not there. */
    public Scope withFlags(String variable) {
        return new Scope(union(variables, Set.of(variable)), events, union(flags, Set.of(variable)));
    }

    /** With fields of a variable that are events. */
    public Scope withFields(String variable, Set<String> names) {
        return new Scope(
                variables,
                union(
                        events,
                        names.stream().map(name -> variable + "." + name).collect(Collectors.toUnmodifiableSet())),
                flags);
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> all = new HashSet<>(some);
        all.addAll(others);
        return all;
    }
}
