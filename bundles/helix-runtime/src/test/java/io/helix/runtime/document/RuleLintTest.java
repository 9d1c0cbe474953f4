package io.helix.runtime.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.rule.Pattern;
import io.helix.api.rule.PatternParser;
import io.helix.api.rule.RuleKey;
import io.helix.runtime.document.RuleLint.Emission;
import io.helix.runtime.document.RuleLint.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleLintTest {
    private static final Function<String, Optional<Emission>> NO_EMISSIONS = recipe -> Optional.empty();

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
            {type: ["order.*"]}                                                  => types are letters, digits
            {type: ["order.*"]}                                                  => {wildcard: "order.*"}
            {type: [a], $or: [{type: [b]}, {type: [{prefix: b}]}]}               => no alternative of an $or
            {source: [{prefix: shop}], $or: [{source: [x]}]}                     => source: [{prefix: "shop"}] excludes source: ["x"]
            {subject: [{"anything-but": [a, b]}], $or: [{subject: [a, b]}]}      => excludes
            {subject: [5]}                                                       => subject is text and never 5
            {type: [{exists: false}]}                                            => every event has type
            {data: {a: [{exists: false}]}, $or: [{data: {a: [1]}}]}              => data.a: [{exists: false}] excludes data.a: [1]
            {data: {a: [{exists: false}]}, "data.a.b": [1]}                      => data.a: [{exists: false}] excludes data.a.b: [1]
            {data: {a: [{"anything-but": {prefix: ab}}]}, "data.a": [abc]}       => excludes data.a: ["abc"]
            {data: {a: [{"anything-but": [1, 2]}]}, "data.a": [1, 2.0]}          => excludes
            """)
    void saysThatNoEventEverMatches(String pattern, String reason) {
        assertThat(warnings(rule("r", pattern)))
                .singleElement()
                .asString()
                .startsWith("rule 'r', match: no event ever matches, since ")
                .contains(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{type: [\"order.*\", order.created]}",
                "{type: [{wildcard: \"order.*\"}]}",
                "{type: [a, b], $or: [{type: [b, c]}]}",
                "{type: [{prefix: order}], $or: [{type: [{suffix: created}]}]}",
                "{source: [{prefix: shop}], $or: [{source: [{prefix: shop/1}]}]}",
                "{subject: [{exists: false}], $or: [{subject: [a]}, {type: [a]}]}",
                "{data: {a: [{exists: false}, 1]}, \"data.a\": [1]}",
                "{data: {a: [{exists: false}]}, \"data.b\": [1]}",
                "{data: {a: [{\"anything-but\": [1, 2]}]}, \"data.a\": [1, 3]}",
                "{data: {a: [{gte: 5}]}, \"data.a\": [{lte: 5}]}",
                "{data: {a: [{equals-ignore-case: A}]}, \"data.a\": [a]}",
                "{data: {ip: [{cidr: 10.0.0.0/8}]}, \"data.ip\": [{cidr: 10.1.0.0/16}]}"
            })
    void isSilentAboutWhatSomeEventMatches(String pattern) {
        assertThat(warnings(rule("r", pattern))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{data: {a: [1]}, \"data.a\": [2]}",
                "{data: {a: [{gt: 5}]}, \"data.a\": [{lt: 5}]}",
                "{data: {a: [{gt: 5}]}, \"data.a\": [five]}",
                "{data: {a: [{prefix: x}]}, \"data.a\": [abc]}",
                "{data: {ip: [{cidr: 10.0.0.0/8}]}, \"data.ip\": [{cidr: 192.168.0.0/16}]}"
            })
    void doesNotSayNeverWhereAListMatches(String pattern) {
        assertThat(warnings(rule("r", pattern)))
                .singleElement()
                .asString()
                .startsWith("rule 'r', match: only an event with a list of values matches");
    }

    @Test
    void namesTheRoleThatNeverMatches() {
        Subject rule = new Subject(
                key("r"),
                true,
                Map.of("opened", pattern("{type: [door]}"), "closed", pattern("{type: [\"door closed\"]}")),
                false,
                "sequence",
                "alert",
                List.of("alert"));
        assertThat(warnings(rule))
                .singleElement()
                .asString()
                .startsWith("rule 'r', match of 'closed': no event ever matches");
    }

    @Test
    void alsoADisabledRuleThatNeverMatchesIsReported() {
        assertThat(warnings(disabled(rule("r", "{type: [\"a b\"]}")))).hasSize(1);
    }

    @Test
    void namesARuleThatAsksForTheSameAndDoesTheSame() {
        Subject one = rule("one", "{type: [a, b], data: {x: [1], y: [{prefix: p}]}}");
        Subject other = rule("other", "{data: {y: [{prefix: p}], x: [1.0]}, type: [b, a]}");
        assertThat(warnings(one, other))
                .singleElement()
                .asString()
                .startsWith("rule 'one': rule 'other' asks for the same and does the same");
    }

    @Test
    void isSilentAboutNearTwins() {
        String pattern = "{type: [a], data: {x: [1]}}";
        Subject one = rule("one", pattern);
        assertThat(warnings(one, one)).isEmpty();
        assertThat(warnings(one, disabled(rule("other", pattern)))).isEmpty();
        assertThat(warnings(disabled(one), rule("other", pattern))).isEmpty();
        assertThat(warnings(one, rule("other", pattern, "event.data.z > 1", "run")))
                .isEmpty();
        assertThat(warnings(one, rule("other", pattern, "", "something else"))).isEmpty();
        assertThat(warnings(one, rule("other", "{type: [a], data: {x: ['1']}}")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "<", quoteCharacter = '`', textBlock = """
            {type: [a], data: {x: [1]}}                             < {type: [a]}
            {type: [a], data: {x: [1]}}                             < {}
            {type: [a]}                                             < {type: [a, b]}
            {type: [{prefix: order.line}]}                          < {type: [{prefix: order}]}
            {type: [a], data: {x: [{gt: 5, lt: 7}]}}                < {type: [a], data: {x: [{gte: 5}]}}
            {type: [a], data: {x: [5]}}                             < {type: [a], data: {x: [{gte: 5}]}}
            {type: [a], data: {x: [abc]}}                           < {type: [a], data: {x: [{wildcard: "a*b*"}]}}
            {type: [a], data: {ip: [{cidr: 10.1.0.0/16}]}}          < {type: [a], data: {ip: [{cidr: 10.0.0.0/8}]}}
            {type: [a], data: {x: [abc]}}                           < {type: [a], data: {x: [{exists: true}]}}
            {type: [a], data: {x: [{"anything-but": [1, 2]}]}}      < {type: [a], data: {x: [{"anything-but": [1]}]}}
            {type: [a], subject: [x]}                               < {type: [a], subject: [{"anything-but": [y]}]}
            {$or: [{type: [a]}, {type: [b], data: {x: [1]}}]}       < {type: [a, b, c]}
            {type: [a]}                                             < {$or: [{type: [a]}, {data: {x: [1]}}]}
            """)
    void namesARuleThatDoesTheSameForEveryEventOfThisOne(String narrow, String wide) {
        Subject rule = rule("narrow", narrow, "event.data.n > 1", "run");
        assertThat(warnings(rule, rule("wide", wide)))
                .singleElement()
                .asString()
                .startsWith("rule 'narrow': every event it matches also fires rule 'wide', which does the same");
        assertThat(warnings(rule("wide", wide), rule)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "<", quoteCharacter = '`', textBlock = """
            {type: [a]}                                             < {type: [b]}
            {type: [a, b]}                                          < {type: [a]}
            {type: [a]}                                             < {type: [a], data: {x: [1]}}
            {type: [{prefix: order}]}                               < {type: [{prefix: order.line}]}
            {type: [a], data: {x: [{gte: 5}]}}                      < {type: [a], data: {x: [{gt: 5}]}}
            {type: [a], data: {x: [{exists: false}]}}               < {type: [a], data: {x: [{exists: true}]}}
            {type: [a], data: {x: [2]}}                             < {type: [a], data: {x: [{"anything-but": [1]}]}}
            {type: [a], data: {x: [{equals-ignore-case: abc}]}}     < {type: [a], data: {x: [abc]}}
            {$or: [{type: [a]}, {type: [b]}]}                       < {type: [a]}
            """)
    void isSilentAboutARuleThatDoesTheSameForSomeEventsOnly(String narrow, String wide) {
        assertThat(warnings(rule("narrow", narrow), rule("wide", wide))).isEmpty();
    }

    @Test
    void aWiderRuleWithFurtherConditionsCoversNothing() {
        Subject rule = rule("narrow", "{type: [a], data: {x: [1]}}");
        assertThat(warnings(rule, rule("wide", "{type: [a]}", "event.data.y > 1", "run")))
                .isEmpty();
        assertThat(warnings(rule, rule("wide", "{type: [a]}", "", "something else")))
                .isEmpty();
        assertThat(warnings(rule, disabled(rule("wide", "{type: [a]}")))).isEmpty();
    }

    @Test
    void namesNoMoreThanAFewRules() {
        List<Subject> wide = IntStream.range(0, 9)
                .mapToObj(i -> rule("wide-" + i, "{type: [a, t" + i + "]}"))
                .toList();
        assertThat(RuleLint.check(rule("narrow", "{type: [a]}"), wide, NO_EMISSIONS))
                .singleElement()
                .asString()
                .contains("each of the rules 'wide-0', 'wide-1', 'wide-2' and 6 more");
    }

    @Test
    void saysTheChainOfARuleThatTriggersItself() {
        assertThat(RuleLint.check(
                        triggering("a", "{type: [{prefix: x.}]}", "b"), List.of(), emissions(emission("b", "x.y"))))
                .singleElement()
                .asString()
                .startsWith("rule 'a' may trigger itself: rule a -> recipe b -> event x.y -> rule a. ")
                .contains("helixrun: [{exists: false}]")
                .contains("depth 16");
    }

    @Test
    void saysTheChainThroughOtherRules() {
        Subject a = triggering("a", "{type: [x]}", "one");
        List<Subject> all = List.of(
                a,
                triggering("b", "{type: [y]}", "two"),
                triggering("c", "{type: [{suffix: z}]}", "nothing", "three"),
                triggering("d", "{type: [y]}", "nothing"));
        var emissions = emissions(emission("one", "y"), emission("two", "w", "z"), emission("three", "x"));
        assertThat(RuleLint.check(a, all, emissions))
                .singleElement()
                .asString()
                .contains("rule a -> recipe one -> event y -> rule b -> recipe two -> event z -> rule c"
                        + " -> recipe three -> event x -> rule a.");
    }

    @Test
    void anEventOfTheTypeThatCameLeadsBackToTheRule() {
        var emissions = emissions(new Emission("keep", Set.of(), true, false), emission("make", "x"));
        assertThat(RuleLint.check(triggering("a", "{type: [x]}", "keep"), List.of(), emissions))
                .singleElement()
                .asString()
                .contains("rule a -> recipe keep -> event x -> rule a");
        assertThat(RuleLint.check(triggering("a", "{type: [{prefix: x}]}", "keep"), List.of(), emissions))
                .singleElement()
                .asString()
                .contains("rule a -> recipe keep -> event of the type that came -> rule a");
        assertThat(RuleLint.check(
                        triggering("a", "{source: [/shop], type: [x]}", "make"),
                        List.of(triggering("b", "{type: [x]}", "keep")),
                        emissions))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{type: [x, z]}",
                "{type: [{prefix: x.}], helixrun: [{exists: false}]}",
                "{type: [{prefix: x.}], helixdepth: [{exists: false}]}",
                "{type: [{prefix: x.}], source: [/shop]}",
                "{type: [{prefix: x.}], source: [{anything-but: {prefix: /recipes/}}]}",
                "{type: [{\"anything-but\": [x.y]}]}"
            })
    void isSilentAboutARuleThatDoesNotMatchWhatItsRecipePublishes(String pattern) {
        assertThat(RuleLint.check(triggering("a", pattern, "b"), List.of(), emissions(emission("b", "x.y"))))
                .isEmpty();
    }

    @Test
    void isSilentAboutLoopsOfOtherRulesAndOfWhatIsNotKnown() {
        Subject a = triggering("a", "{type: [x]}", "one");
        List<Subject> all = List.of(a, triggering("b", "{type: [y]}", "two"), triggering("c", "{type: [y]}", "two"));
        assertThat(RuleLint.check(a, all, emissions(emission("one", "y"), emission("two", "y"))))
                .isEmpty();
        assertThat(RuleLint.check(a, all, emissions(new Emission("one", Set.of(), false, true))))
                .isEmpty();
        assertThat(RuleLint.check(
                        a,
                        List.of(disabled(triggering("b", "{type: [y]}", "two"))),
                        emissions(emission("one", "y"), emission("two", "x"))))
                .isEmpty();
    }

    @Test
    void aNewFormOfARuleTakesThePlaceOfTheOld() {
        Subject old = triggering("a", "{type: [x]}", "b");
        Subject fixed = triggering("a", "{type: [z]}", "b");
        assertThat(RuleLint.check(fixed, List.of(old), emissions(emission("b", "x"))))
                .isEmpty();
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void tenThousandRulesAreCheckedInBoundedTime() {
        List<Subject> rules = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            String pattern = switch (i % 4) {
                case 0 -> "{type: [order.created], data: {customer: [c" + i + "]}}";
                case 1 -> "{type: [t" + i + "], data: {amount: [{gt: " + i + "}]}}";
                case 2 -> "{type: [{prefix: p" + i + "}]}";
                default -> "{data: {amount: [{gt: " + i + ", lt: " + (i + 1) + "}]}}";
            };
            rules.add(rule("r" + i, pattern, i % 3 == 0 ? "" : "where", "step-" + i % 100));
        }
        RuleLint lint = new RuleLint(
                rules, recipe -> Optional.of(emission(recipe, recipe.equals("step-1") ? "t1" : "elsewhere." + recipe)));
        long warned =
                rules.stream().filter(rule -> !lint.warnings(rule).isEmpty()).count();
        assertThat(warned).isBetween(2_500L, 10_000L);
    }

    private static List<String> warnings(Subject rule, Subject... others) {
        return RuleLint.check(rule, List.of(others), NO_EMISSIONS);
    }

    private static Function<String, Optional<Emission>> emissions(Emission... emissions) {
        return recipe -> Stream.of(emissions)
                .filter(emission -> emission.recipe().equals(recipe))
                .findFirst();
    }

    private static Emission emission(String recipe, String... types) {
        return new Emission(recipe, Set.of(types), false, false);
    }

    private static Subject rule(String name, String pattern) {
        return rule(name, pattern, "", "run");
    }

    private static Subject rule(String name, String pattern, String residue, String effect) {
        return new Subject(key(name), true, Map.of("event", pattern(pattern)), true, residue, effect, List.of(effect));
    }

    private static Subject triggering(String name, String pattern, String... recipes) {
        return new Subject(
                key(name), true, Map.of("event", pattern(pattern)), true, "", "then of " + name, List.of(recipes));
    }

    private static Subject disabled(Subject rule) {
        return new Subject(
                rule.key(), false, rule.roles(), rule.singleEvent(), rule.residue(), rule.effect(), rule.recipes());
    }

    private static RuleKey key(String name) {
        return new RuleKey("home", name);
    }

    private static Pattern pattern(String yaml) {
        String document = "{apiVersion: helix/v1, kind: Rule, metadata: {name: a}, spec: " + yaml + "}";
        return PatternParser.parse(
                DocumentReader.read("home", document).getFirst().spec(), "match");
    }
}
