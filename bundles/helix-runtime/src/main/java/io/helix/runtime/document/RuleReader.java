package io.helix.runtime.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.Problem;
import io.helix.api.expression.Expression;
import io.helix.api.expression.Expressions;
import io.helix.api.expression.Scope;
import io.helix.api.rule.RuleKey;
import io.helix.api.situation.Situation;
import io.helix.runtime.document.RuleDefinition.Consequence;
import io.helix.runtime.document.RuleDefinition.OnRuleChange;
import io.helix.runtime.document.RuleDefinition.RuleClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the {@code spec} of a rule. */
final class RuleReader {
    static final Duration LONGEST = Duration.ofDays(7);
    private static final int MAX_RECIPES = 16;
    private static final int MAX_THROTTLE = 10_000;
    private static final Duration DEFAULT_LATENESS = Duration.ofSeconds(10);

    private final Fields fields;
    private final Expressions expressions;
    private final List<Problem> problems;

    private RuleReader(JsonNode spec, Expressions expressions, List<Problem> problems) {
        this.fields = new Fields(spec, "spec", problems);
        this.expressions = expressions;
        this.problems = problems;
    }

    /** @param since the time from which on it looks at events */
    static RuleDefinition read(
            RuleKey key, long revision, Instant since, JsonNode spec, Expressions expressions, List<Problem> problems) {
        return new RuleReader(spec, expressions, problems).rule(key, revision, since);
    }

    private RuleDefinition rule(RuleKey key, long revision, Instant since) {
        fields.optionalText("description");
        boolean enabled = fields.flag("enabled", true);
        ObjectNode vars = fields.object("vars");
        PatternReader pattern = new PatternReader(fields, expressions, problems);
        Situation situation = pattern.situation();
        Variables variables = new Variables(situation, pattern.roles());
        Expression where = where(variables, pattern);
        RuleClock clock = fields.choice("clock", RuleClock.ARRIVAL, RuleClock.class);
        Duration lateness = lateness(clock);
        ThrottleDefinition throttle = throttle();
        OnRuleChange onRuleChange = state();
        Duration lookBack = fields.span("lookBack", Duration.ZERO, LONGEST);
        List<Consequence> then = then(variables.ofConsequences(throttle));
        List<RuleTest> tests = RuleTestReader.read(fields, problems);
        fields.unsupported("subjects", "ask for them in match: {subject: [{prefix: \"home/doors/\"}]}");
        fields.end();
        RuleDefinition rule = new RuleDefinition(
                key,
                revision,
                since,
                lookBack,
                enabled,
                situation,
                pattern.roles(),
                where,
                throttle,
                clock,
                lateness,
                onRuleChange,
                vars,
                then,
                tests);
        bound(rule);
        return rule;
    }

    private void bound(RuleDefinition rule) {
        if (rule.situation().span().compareTo(LONGEST) > 0) {
            fields.problem("pattern", "spans more than 7d: a rule remembers an event for 7 days at the most");
        }
        if (!rule.remembers() && rule.clock() == RuleClock.EVENT) {
            fields.problem("clock", "has no meaning for a rule about one event without a throttle; leave it out");
        }
    }

    /** A condition on one event goes to its role; what is left is about several. */
    private @Nullable Expression where(Variables variables, PatternReader pattern) {
        Expression where = fields.optionalText("where")
                .map(source -> condition(source, variables.ofWhere()))
                .orElse(null);
        if (where == null) {
            return null;
        }
        Set<String> used = new HashSet<>(where.variables());
        used.remove("vars");
        List<String> aliases = variables.rolesOf(used);
        if (aliases.isEmpty()) {
            variables.aliasesOfAll().forEach(alias -> pattern.narrow(alias, where.implied(alias)));
            return where;
        }
        aliases.forEach(alias -> pattern.restrict(alias, where));
        return null;
    }

    private @Nullable Expression condition(String source, Scope scope) {
        try {
            return expressions.compileCondition(source, scope);
        } catch (HelixException e) {
            fields.problem("where", e.message());
            return null;
        }
    }

    private Duration lateness(RuleClock clock) {
        if (clock == RuleClock.ARRIVAL && fields.has("lateness")) {
            fields.problem("lateness", "goes with clock: event; events arrive in order");
        }
        Duration lateness = fields.duration("lateness", DEFAULT_LATENESS, Duration.ofDays(1));
        return clock == RuleClock.EVENT ? lateness : Duration.ZERO;
    }

    private @Nullable ThrottleDefinition throttle() {
        if (!fields.has("throttle")) {
            return null;
        }
        Fields throttle = new Fields(fields.object("throttle"), "spec.throttle", problems);
        ThrottleDefinition.Mode mode =
                throttle.choice("mode", ThrottleDefinition.Mode.ONCE_WITHIN, ThrottleDefinition.Mode.class);
        if (!throttle.has("mode")) {
            throttle.problem("mode", "is required: once-within, once-after or at-most");
        }
        Duration window = throttle.window("window");
        int most = (int) throttle.integer("max", 1, 1, MAX_THROTTLE);
        if (mode == ThrottleDefinition.Mode.AT_MOST && !throttle.has("max")) {
            throttle.problem("max", "is required with mode: at-most");
        } else if (mode != ThrottleDefinition.Mode.AT_MOST && throttle.has("max")) {
            throttle.problem("max", "goes with mode: at-most");
        }
        boolean perKey = throttle.choice("per", Per.KEY, Per.class) == Per.KEY;
        throttle.end();
        return new ThrottleDefinition(mode, window, most, perKey);
    }

    private enum Per {
        KEY,
        RULE
    }

    private OnRuleChange state() {
        if (!fields.has("state")) {
            return OnRuleChange.KEEP;
        }
        Fields state = new Fields(fields.object("state"), "spec.state", problems);
        OnRuleChange change = state.choice("onRuleChange", OnRuleChange.KEEP, OnRuleChange.class);
        if (!state.flag("durable", true)) {
            state.problem("durable", "cannot be false: what a rule remembers survives restarts");
        }
        state.end();
        return change;
    }

    private List<Consequence> then(Scope scope) {
        List<Consequence> then = new ArrayList<>();
        List<JsonNode> items = fields.list("then", MAX_RECIPES);
        if (items.isEmpty()) {
            fields.problem("then", "must name at least one recipe: then: [{recipe: my-recipe}]");
        }
        for (int i = 0; i < items.size(); i++) {
            Fields item = new Fields(items.get(i), fields.where("then[" + i + "]"), problems);
            Template with = Template.compile(item.object("with"), scope, expressions, item.where("with"), problems);
            Template dedup = item.any("dedup")
                    .map(written -> Template.compile(written, scope, expressions, item.where("dedup"), problems))
                    .orElse(null);
            then.add(new Consequence(item.text("recipe"), with, dedup));
            item.end();
        }
        return then;
    }

    /** Which names expressions of a rule may use. */
    private record Variables(Situation situation, List<RoleDefinition> roles) {
        Scope ofWhere() {
            Set<String> events = new HashSet<>(Set.of(RuleDefinition.EVENT));
            roles.stream()
                    .filter(role -> !role.absent())
                    .map(RoleDefinition::alias)
                    .forEach(events::add);
            Scope scope = Scope.of("events", "match", "vars")
                    .withFlags(RuleDefinition.FACTS)
                    .withEvents(events)
                    .withFields("events", events);
            return situation instanceof Situation.Aggregate ? scope.with("aggregate") : scope;
        }

        Scope ofConsequences(@Nullable ThrottleDefinition throttle) {
            boolean collects = throttle != null && throttle.mode() == ThrottleDefinition.Mode.ONCE_AFTER;
            return collects ? ofWhere().with("matches") : ofWhere();
        }

        /** The roles that are all played in every match, so that what a condition asks of one of them is asked of its event. */
        List<String> aliasesOfAll() {
            return switch (situation) {
                case Situation.Sequence sequence -> happening();
                case Situation.All all -> happening();
                case Situation.Any any -> List.of();
                case Situation.Aggregate aggregate -> List.of();
            };
        }

        private List<String> happening() {
            return roles.stream()
                    .filter(role -> !role.absent())
                    .map(RoleDefinition::alias)
                    .toList();
        }

        /**
         * The roles to which a condition on these variables belongs; none when it is about the whole. One that needs
         * facts beside an event of several is: what holds when they come together decides.
         */
        List<String> rolesOf(Set<String> used) {
            List<String> aliases = roles.stream().map(RoleDefinition::alias).toList();
            boolean each = used.stream().allMatch(Set.of(RuleDefinition.EVENT, RuleDefinition.FACTS)::contains);
            if (each && (aliases.size() == 1 || situation instanceof Situation.Any)) {
                return aliases;
            }
            return used.size() == 1 && aliases.containsAll(used) && !each ? List.copyOf(used) : List.of();
        }
    }
}
