package io.helix.runtime.document;

import com.fasterxml.jackson.databind.node.TextNode;
import io.helix.api.event.Event;
import io.helix.api.rule.Condition;
import io.helix.api.rule.RuleKey;
import io.helix.api.rule.ValueTest;
import io.helix.runtime.document.RuleLint.Emission;
import io.helix.runtime.document.RuleLint.Subject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds chains of rules, recipes and the events they publish that lead back to where they began. */
final class RuleLoops {
    private static final int MAX_DEPTH = 16;
    /** Bounds for profiles in which everything may trigger everything; the shortest chains are found first. */
    private static final int MAX_HOPS = 300;

    private static final int MAX_CANDIDATES = 1_000;
    private static final int MAX_FOLLOWERS = 100;
    private static final List<String> TYPE = List.of("type");

    private final Map<String, List<Subject>> byType = new HashMap<>();
    private final List<Subject> ofAnyType = new ArrayList<>();
    private final Map<String, Optional<Emission>> emissions = new ConcurrentHashMap<>();
    private final Map<Publication, List<Subject>> followers = new ConcurrentHashMap<>();
    private final Function<String, Optional<Emission>> readEmission;

    RuleLoops(Collection<Subject> enabled, Function<String, Optional<Emission>> emissions) {
        readEmission = emissions;
        for (Subject rule : enabled) {
            Optional<Set<String>> types = types(rule);
            types.ifPresentOrElse(
                    named -> named.forEach(type -> byType.computeIfAbsent(type, it -> new ArrayList<>())
                            .add(rule)),
                    () -> ofAnyType.add(rule));
        }
    }

    /** A rule on a chain. @param by what triggered it, and {@code previous} the rule before; null where it begins */
    private record Hop(
            Subject rule,
            int depth,
            @Nullable Publication by,
            @Nullable Hop previous) {
        @Nullable
        String type() {
            return by == null ? null : by.type();
        }

        String chain() {
            String before = previous == null || by == null ? "" : previous.chain() + by.text() + " -> ";
            return before + "rule " + rule.key().name();
        }
    }

    /** @param type null for the unknown one of the event that triggered the recipe */
    private record Publication(String recipe, @Nullable String type) {
        String text() {
            return " -> recipe " + recipe + " -> event " + (type == null ? "of the type that came" : type);
        }
    }

    /** The shortest chain that leads back to {@code rule}, in words. */
    Optional<String> of(Subject rule) {
        return new Search(rule)
                .run()
                .map(chain -> "rule '" + rule.key().name() + "' may trigger itself: " + chain
                        + ". Match more narrowly, for example with helixrun: [{exists: false}], which leaves out what runs"
                        + " publish. At run time such a chain ends at depth " + MAX_DEPTH
                        + ", or where depth.max says");
    }

    private record Visit(RuleKey rule, String type) {}

    private final class Search {
        private final Subject origin;
        private final Deque<Hop> open = new ArrayDeque<>();
        private final Optional<Set<String>> originTypes;
        private final Set<Publication> tried = new HashSet<>();
        private final Set<Visit> seen = new HashSet<>();

        Search(Subject origin) {
            this.origin = origin;
            originTypes = types(origin);
        }

        Optional<String> run() {
            open.add(new Hop(origin, 0, null, null));
            while (!open.isEmpty()) {
                Hop hop = open.remove();
                for (Publication publication : publications(hop)) {
                    if (returns(publication)) {
                        return Optional.of(new Hop(origin, hop.depth() + 1, publication, hop).chain());
                    }
                    follow(hop, publication);
                }
            }
            return Optional.empty();
        }

        private boolean returns(Publication publication) {
            String type = publication.type();
            boolean possible =
                    type == null || originTypes.isEmpty() || originTypes.get().contains(type);
            return possible && mayMatch(origin, publication);
        }

        private void follow(Hop hop, Publication publication) {
            String type = publication.type();
            if (type == null || hop.depth() + 1 == MAX_DEPTH) {
                return;
            }
            for (Subject next : followers(publication, type)) {
                boolean fresh = !next.key().equals(origin.key()) && seen.add(new Visit(next.key(), type));
                if (fresh && seen.size() <= MAX_HOPS) {
                    open.add(new Hop(next, hop.depth() + 1, publication, hop));
                }
            }
        }

        private List<Publication> publications(Hop hop) {
            return hop.rule().recipes().stream()
                    .distinct()
                    .flatMap(recipe -> emission(recipe).stream())
                    .flatMap(emission -> publications(hop, emission))
                    .filter(tried::add)
                    .toList();
        }

        private Stream<Publication> publications(Hop hop, Emission emission) {
            Stream<Publication> named =
                    emission.types().stream().sorted().map(type -> new Publication(emission.recipe(), type));
            return emission.sameType()
                    ? Stream.concat(named, kept(hop).map(type -> new Publication(emission.recipe(), type.orElse(null))))
                    : named;
        }

        private Stream<Optional<String>> kept(Hop hop) {
            String type = hop.type();
            return type != null
                    ? Stream.of(Optional.of(type))
                    : types(hop.rule())
                            .map(types -> types.stream().sorted().map(Optional::of))
                            .orElseGet(() -> Stream.of(Optional.empty()));
        }
    }

    private Optional<Emission> emission(String recipe) {
        return emissions.computeIfAbsent(recipe, readEmission);
    }

    private List<Subject> followers(Publication publication, String type) {
        return followers.computeIfAbsent(
                publication,
                it -> Stream.concat(byType.getOrDefault(type, List.of()).stream(), ofAnyType.stream())
                        .limit(MAX_CANDIDATES)
                        .filter(rule -> mayMatch(rule, it))
                        .limit(MAX_FOLLOWERS)
                        .toList());
    }

    /** Whether a rule may match what a run publishes, as far as type, source and the marks of a run tell. */
    private static boolean mayMatch(Subject rule, Publication publication) {
        return rule.roles().values().stream()
                .anyMatch(pattern -> Contradictions.in(new Condition.AllOf(
                                Stream.concat(facts(rule.key(), publication), Stream.of(pattern.root()))
                                        .toList()))
                        .isEmpty());
    }

    private static Stream<Condition> facts(RuleKey key, Publication publication) {
        String source = "/recipes/" + key.profile() + "/" + publication.recipe() + "/";
        Stream<Condition> marks = Stream.of(
                fact(List.of("source"), new ValueTest.Prefix(source, false)),
                fact(List.of(Event.RUN), new ValueTest.Exists(true)),
                fact(List.of(Event.DEPTH), new ValueTest.Exists(true)));
        return publication.type() == null
                ? marks
                : Stream.concat(
                        marks, Stream.of(fact(TYPE, new ValueTest.Equal(TextNode.valueOf(publication.type())))));
    }

    private static Condition fact(List<String> path, ValueTest test) {
        return new Condition.Field(path, List.of(test));
    }

    /** The types that a rule names; empty when one of its roles is not limited to types by name. */
    private static Optional<Set<String>> types(Subject rule) {
        return union(rule.roles().values().stream().map(pattern -> types(pattern.root())));
    }

    private static Optional<Set<String>> types(Condition condition) {
        return switch (condition) {
            case Condition.AllOf all ->
                all.parts().stream().flatMap(part -> types(part).stream()).findFirst();
            case Condition.AnyOf any -> union(any.parts().stream().map(RuleLoops::types));
            case Condition.Field field -> types(field);
        };
    }

    private static Optional<Set<String>> union(Stream<Optional<Set<String>>> parts) {
        List<Optional<Set<String>>> all = parts.toList();
        return all.stream().allMatch(Optional::isPresent)
                ? Optional.of(all.stream()
                        .flatMap(types -> types.orElseThrow().stream())
                        .collect(Collectors.toCollection(LinkedHashSet::new)))
                : Optional.empty();
    }

    private static Optional<Set<String>> types(Condition.Field field) {
        Set<String> types = new LinkedHashSet<>();
        for (ValueTest test : field.tests()) {
            if (!field.path().equals(TYPE) || !(test instanceof ValueTest.Equal equal)) {
                return Optional.empty();
            }
            types.add(equal.value().asText());
        }
        return types.isEmpty() ? Optional.empty() : Optional.of(types);
    }
}
