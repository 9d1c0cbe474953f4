package io.helix.runtime.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.HelixException;
import io.helix.api.expression.Evaluation;
import io.helix.api.expression.Expression;
import io.helix.api.expression.Expressions;
import io.helix.api.expression.Scope;
import io.helix.api.rule.Condition;
import io.helix.api.rule.ValueTest;
import io.helix.api.situation.Situation;
import io.helix.runtime.agent.AgentRegistry;
import io.helix.runtime.control.PathExpressions;
import io.helix.sdk.testing.policy.ScriptedAuthorizer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a rule may say, and what is said of a wrong one. */
class RuleReaderTest {
    private static RuleDefinition read(String spec) {
        return read(spec, new PathExpressions());
    }

    private static RuleDefinition read(String spec, Expressions expressions) {
        String yaml = "apiVersion: helix/v1\nkind: Rule\nmetadata: {name: r}\nspec:\n" + spec.indent(2);
        Compiler compiler = new Compiler(expressions, new ScriptedAuthorizer(), new AgentRegistry(), new Catalog());
        Draft draft = DocumentReader.read("default", yaml).getFirst();
        return compiler.rule(draft.key(), 1, Instant.EPOCH, draft.content());
    }

    private static String problems(String spec) {
        try {
            read(spec);
            return "";
        } catch (HelixException e) {
            return e.problems().stream()
                    .map(problem -> problem.where() + " " + problem.message())
                    .collect(Collectors.joining("\n"));
        }
    }

    @Test
    void expressionsKnowWhichNamesAreEvents() {
        Map<String, Scope> scopes = new HashMap<>();
        read("""
                key: event.data.k
                pattern:
                  within: 1m
                  sequence:
                    - {as: a, match: {type: [a]}, where: a.data.ok}
                    - {as: b, match: {type: [b]}}
                    - {as: c, absent: true, match: {type: [c]}}
                    - {as: d, match: {type: [d]}}
                where: a.data.n == b.data.n
                throttle: {mode: once-after, window: 1m}
                then: [{recipe: x, with: {n: "{{ matches }}"}}]
                """, (source, scope) -> {
            scopes.put(source, scope);
            return new PathExpressions().compile(source, scope);
        });

        assertThat(scopes.getOrDefault("event.data.k", Scope.of()).events()).containsExactlyInAnyOrder("event", "d");
        assertThat(scopes.getOrDefault("a.data.ok", Scope.of()).events()).containsExactlyInAnyOrder("event", "a");
        assertThat(scopes.getOrDefault("a.data.n == b.data.n", Scope.of()).events())
                .containsExactlyInAnyOrder("event", "a", "b", "d", "events.event", "events.a", "events.b", "events.d");
        assertThat(scopes.getOrDefault("matches", Scope.of()).variables())
                .contains("matches", "match", "events", "vars", "event", "a");
    }

    @Test
    void aConditionOnOneEventBelongsToItsRole() {
        RuleDefinition rule = read("""
                pattern:
                  within: 1m
                  sequence:
                    - {as: a, match: {type: [a]}}
                    - {as: b, match: {type: [b]}}
                where: a.data.n > 5
                then: [{recipe: x}]
                """);

        assertThat(rule.where()).isNull();
        assertThat(rule.role("a").wheres()).hasSize(1);
        assertThat(rule.role("b").wheres()).isEmpty();
    }

    @Test
    void aConditionOnSeveralEventsIsAboutTheWhole() {
        RuleDefinition rule = read("""
                pattern:
                  within: 1m
                  all:
                    - {as: a, match: {type: [a]}}
                    - {as: b, match: {type: [b]}}
                where: a.data.n > b.data.n
                then: [{recipe: x}]
                """);

        assertThat(rule.where()).isNotNull();
        assertThat(rule.roles()).allSatisfy(role -> assertThat(role.wheres()).isEmpty());
        assertThat(rule.keepsEvent("a")).isTrue();
    }

    @Test
    void eventsAreKeptOnlyWhereTheRuleLooksAtThemAgain() {
        RuleDefinition rule = read("""
                pattern:
                  within: 1m
                  sequence:
                    - {as: a, match: {type: [a]}}
                    - {as: b, match: {type: [b]}}
                    - {as: c, match: {type: [c]}}
                then: [{recipe: x, with: {b: "{{ b.id }}", c: "{{ event.id }}"}}]
                """);

        assertThat(rule.keepsEvent("a")).isFalse();
        assertThat(rule.keepsEvent("b")).isTrue();
        assertThat(rule.keepsEvent("c")).isFalse();
    }

    @Test
    void aKeyMayBeWrittenWithANameOfThePattern() {
        RuleDefinition rule = read("""
                key: opened.data.door
                pattern:
                  sequence:
                    - {as: opened, match: {type: [a]}}
                    - {as: closed, match: {type: [b]}, absent: {within: 10m}, sameKey: true}
                then: [{recipe: x}]
                """);

        assertThat(rule.roles())
                .allSatisfy(role -> assertThat(role.key())
                        .satisfies(key -> assertThat(key.variable()).isEqualTo("opened")));
    }

    @Test
    void readsWindowsAndThrottles() {
        RuleDefinition rule = read("""
                pattern:
                  sum: {gt: 10}
                  of: event.data.n
                  match: {type: [a]}
                  window: {tumbling: 1h, at: end}
                throttle: {mode: at-most, max: 3, window: 2d, per: rule}
                clock: event
                lateness: 1m
                then: [{recipe: x}]
                """);

        assertThat(rule.situation()).isInstanceOfSatisfying(Situation.Aggregate.class, aggregate -> {
            assertThat(aggregate.measure()).isEqualTo(Situation.Measure.SUM);
            assertThat(aggregate.window()).isEqualTo(new Situation.Tumbling(Duration.ofHours(1), true));
        });
        assertThat(rule.throttle())
                .isEqualTo(new ThrottleDefinition(ThrottleDefinition.Mode.AT_MOST, Duration.ofDays(2), 3, false));
        assertThat(rule.horizon()).isEqualTo(Duration.ofHours(49).plusMinutes(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pattern: {sequence: [{match: {type: a}}, {match: {type: b}}]} | within is required, or within for the whole",
                "pattern: {within: 10d, sequence: [{match: {type: a}}, {match: {type: b}}]} | up to 604800s",
                "pattern: {within: 100ms, all: [{match: {type: a}}, {match: {type: b}}]} | windows last from 1s to 7d",
                "pattern: {within: 1m, all: [{match: {type: a}}]} | two events or more",
                "pattern: {within: 1m, all: [{as: x, match: {type: a}}, {as: x, match: {type: b}}]} | names two events",
                "pattern: {any: [{as: event, match: {type: a}}]} | cannot name an event",
                "pattern: {any: [{match: {type: a}, wehre: x}]} | did you mean 'where'",
                "pattern: {any: [{as: a}]} | match is required",
                "pattern: {} | must have exactly one of sequence, all, any, count",
                "pattern: {count: 3, sum: 4, match: {type: a}, window: 1m} | must have exactly one of",
                "pattern: {sum: 4, match: {type: a}, window: 1m} | of is required",
                "pattern: {count: 4, of: event.data.n, match: {type: a}, window: 1m} | has no meaning for count",
                "pattern: {count: {lt: 4}, match: {type: a}, window: 1m} | at: end",
                "pattern: {count: {prefix: x}, match: {type: a}, window: 1m} | must be a range",
                "pattern: {count: 4, match: {type: a}} | window is required",
                "pattern: {count: 4, match: {type: a}, window: {sliding: 1m, at: end}} | goes with a tumbling window",
                "pattern: {sequence: [{absent: {within: 1m}, match: {type: a}}]} | must have an event that happens",
                "pattern: {sequence: [{match: {type: a}}, {absent: true, match: {type: b}}]} | needs a time at the end",
                "pattern: {within: 1m, sequence: [{match: {type: a}}, {absent: {within: 1m}, match: {type: b}}, {match: {type: c}}]} | leave its time out",
                "pattern: {any: [{match: {type: a}}]}, match: {type: b} | match is for one event",
                "match: {type: a}, throttle: {window: 1m} | mode is required",
                "match: {type: a}, throttle: {mode: at-most, window: 1m} | max is required",
                "match: {type: a}, throttle: {mode: once-wihtin, window: 1m} | did you mean 'once-within'",
                "pattern: {any: [{as: facts, match: {type: a}}]} | cannot name an event",
                "match: {type: a}, key: facts.x | which is no event of the rule",
                "match: {type: a}, tests: [{facts: {night-mode: 1}, events: [{type: a}], expect: {fired: 1}}] | is not a name of a fact",
                "match: {type: a}, tests: [{events: [{at: 1s, facts: {a: 1}, b: 2}, {type: a}], expect: {fired: 1}}] | is not a known key",
                "match: {type: a}, tests: [{events: [{type: a}, {facts: {a: 1}}], expect: {fired: 1}}] | is the time of the event above it",
                "match: {type: a}, subjects: [home] | ask for them in match",
                "match: {type: a}, clock: event | has no meaning for a rule about one event",
                "match: {type: a}, lateness: 5s | goes with clock: event",
                "match: {type: a}, key: other.data.x | which is no event of the rule",
                "match: {type: a}, state: {durable: false} | cannot be false",
                "match: {type: a}, tests: [{events: [{type: a}]}] | fired is required",
                "match: {type: a}, tests: [{events: [], expect: {fired: 1}}] | must list at least one event",
                "match: {type: a}, tests: [{events: [{at: 5s, type: a}, {at: 1s, type: a}], expect: {fired: 1}}] | is before the event above it",
                "where: closed.data.n == 1, pattern: {sequence: [{as: a, match: {type: a}}, {as: closed, absent: {within: 1m}, match: {type: b}}]} | cannot compile",
            })
    void saysWhatIsWrongWhereAndWhatToDo(String spec, String message) {
        assertThat(problems("{" + spec.strip() + ", then: [{recipe: x}]}")).contains(message.strip());
    }

    @Test
    void findsAllProblemsAtOnce() {
        assertThat(problems("{pattern: {within: 1x, all: [{as: 1, match: {}}]}, thorttle: {}, then: []}")
                        .lines())
                .hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void aRuleWithoutMatchAndPatternIsRefused() {
        assertThatExceptionOfType(HelixException.class).isThrownBy(() -> read("{then: [{recipe: x}]}"));
    }

    @Test
    void oneMatchTriggersSixteenRecipesAtTheMost() {
        String sixteen = "{match: {type: a}, then: [" + "{recipe: x}, ".repeat(15) + "{recipe: x}]}";

        assertThat(problems(sixteen)).isEmpty();
        assertThat(problems(sixteen.replace("]}", ", {recipe: x}]}")))
                .contains("then")
                .contains("16");
    }

    /** Of each alias, that its event has a field of that name. */
    private record Implying(Expression expression) implements Expression {
        @Override
        public String source() {
            return expression.source();
        }

        @Override
        public Set<String> variables() {
            return expression.variables();
        }

        @Override
        public List<Condition> implied(String variable) {
            return List.of(new Condition.Field(List.of("data", variable), List.of(new ValueTest.Exists(true))));
        }

        @Override
        public Evaluation evaluate(Map<String, JsonNode> variables) {
            return expression.evaluate(variables);
        }
    }

    private static RuleDefinition implying(String pattern) {
        return read(
                "pattern: " + pattern + "\nwhere: a.data.n == b.data.n\nthen: [{recipe: x}]\n",
                (source, scope) -> new Implying(new PathExpressions().compile(source, scope)));
    }

    private static String pattern(RuleDefinition rule, String alias) {
        return rule.role(alias).indexed().toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{within: 1m, all: [{as: a, match: {}}, {as: b, match: {}}]}",
                "{within: 1m, sequence: [{as: a, match: {}}, {as: c, absent: true, match: {}}, {as: b, match: {}}]}"
            })
    void whatAConditionOnSeveralEventsAsksOfOneHelpsTheIndex(String pattern) {
        RuleDefinition rule = implying(pattern);

        assertThat(rule.where()).isNotNull();
        assertThat(pattern(rule, "a")).contains("[data, a]").doesNotContain("[data, b]");
        assertThat(pattern(rule, "b")).contains("[data, b]").doesNotContain("[data, a]");
        assertThat(rule.roles())
                .filteredOn(RoleDefinition::absent)
                .allSatisfy(role -> assertThat(role.indexed().toString()).doesNotContain("data"));
    }

    @Test
    void ofAnyNothingIsAskedOfEachEvent() {
        RuleDefinition rule = implying("{any: [{as: a, match: {}}, {as: b, match: {}}]}");

        assertThat(pattern(rule, "a")).doesNotContain("data");
        assertThat(pattern(rule, "b")).doesNotContain("data");
    }
}
