package io.helix.drools;

import io.helix.api.rule.Condition;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.ValueTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a pattern is found by hash.
 *
 * @param types the event types it is limited to; empty when it is not limited or to too many
 * @param equalities further conditions a hash can decide
 * @param rest everything but the types
 */
record IndexPlan(Set<String> types, List<Equality> equalities, List<Condition> rest) {
    private static final int MAX_TYPES = 16;
    private static final int MAX_KEYS = 8;
    private static final List<String> TYPE = List.of("type");

    /** One path that must have one of few values, each a string or a number. */
    record Equality(Condition.Field field, Set<HashKey> keys) {}

    static IndexPlan of(Pattern pattern) {
        Set<String> types = Set.of();
        List<Condition> rest = new ArrayList<>();
        for (Condition condition : conjuncts(pattern.root())) {
            Set<String> limited = types.isEmpty() ? types(condition) : Set.of();
            if (limited.isEmpty()) {
                rest.add(condition);
            } else {
                types = limited;
            }
        }
        return new IndexPlan(types, equalities(rest), rest);
    }

    /** Every combination of a type with a value of {@code second}. */
    List<Bucket.Place> places(@Nullable Equality second) {
        List<Bucket.Place> places = new ArrayList<>();
        for (String type : types.isEmpty() ? Collections.<@Nullable String>singleton(null) : types) {
            if (second == null) {
                places.add(new Bucket.Place(type, null, null));
            } else {
                List<String> path = second.field().path();
                second.keys().forEach(key -> places.add(new Bucket.Place(type, path, key)));
            }
        }
        return places;
    }

    /** The conditions all of which must hold. */
    static List<Condition> conjuncts(Condition root) {
        List<Condition> found = new ArrayList<>();
        collect(root, found);
        return found;
    }

    private static void collect(Condition condition, List<Condition> found) {
        if (condition instanceof Condition.AllOf all) {
            all.parts().forEach(part -> collect(part, found));
        } else {
            found.add(condition);
        }
    }

    private static Set<String> types(Condition condition) {
        if (!(condition instanceof Condition.Field field)
                || !field.path().equals(TYPE)
                || field.tests().size() > MAX_TYPES) {
            return Set.of();
        }
        Set<String> types = new LinkedHashSet<>();
        for (ValueTest test : field.tests()) {
            if (!(test instanceof ValueTest.Equal equal) || !equal.value().isTextual()) {
                return Set.of();
            }
            types.add(equal.value().textValue());
        }
        return types;
    }

    private static List<Equality> equalities(List<Condition> conditions) {
        List<Equality> equalities = new ArrayList<>();
        for (Condition condition : conditions) {
            if (condition instanceof Condition.Field field && field.tests().size() <= MAX_KEYS) {
                Set<HashKey> keys = keys(field.tests());
                if (!keys.isEmpty()) {
                    equalities.add(new Equality(field, keys));
                }
            }
        }
        return equalities;
    }

    /** Empty unless every test is equality with a string or a number. */
    private static Set<HashKey> keys(List<ValueTest> tests) {
        Set<HashKey> keys = new LinkedHashSet<>();
        for (ValueTest test : tests) {
            if (!(test instanceof ValueTest.Equal equal) || !HashKey.canHold(equal.value())) {
                return Set.of();
            }
            keys.add(HashKey.of(equal.value()));
        }
        return keys;
    }
}
