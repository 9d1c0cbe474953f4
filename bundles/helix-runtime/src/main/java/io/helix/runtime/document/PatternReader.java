package io.helix.runtime.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.helix.api.HelixException;
import io.helix.api.Problem;
import io.helix.api.expression.Expression;
import io.helix.api.expression.Expressions;
import io.helix.api.expression.Scope;
import io.helix.api.rule.Condition;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.PatternParser;
import io.helix.api.rule.ValueTest;
import io.helix.api.situation.Situation;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a rule looks for: {@code match} for one event, or {@code pattern} for several, with the {@code key} that
 * brings them together.
 */
final class PatternReader {
    private static final int MAX_ROLES = 10;
    private static final java.util.regex.Pattern ALIAS = java.util.regex.Pattern.compile("[a-z][a-zA-Z0-9_]{0,31}");
    private static final Set<String> TAKEN = Set.of(
            "event",
            "events",
            "match",
            "matches",
            "aggregate",
            "vars",
            "facts",
            "inputs",
            "run",
            "steps",
            "true",
            "false",
            "null",
            "in");
    private static final List<String> FORMS =
            List.of("sequence", "all", "any", "count", "sum", "avg", "min", "max", "distinct");

    private final Fields rule;
    private final Expressions expressions;
    private final List<Problem> problems;
    private final List<RoleDefinition> roles = new ArrayList<>();
    private final Situation situation;

    PatternReader(Fields rule, Expressions expressions, List<Problem> problems) {
        this.rule = rule;
        this.expressions = expressions;
        this.problems = problems;
        this.situation = rule.has("pattern") ? pattern() : oneEvent();
        checkKeys();
    }

    /** Which names there are is known only when all events have been read. */
    private void checkKeys() {
        Set<String> known = new HashSet<>(Set.of(RuleDefinition.EVENT));
        roles.forEach(role -> known.add(role.alias()));
        roles.stream()
                .flatMap(role -> Stream.ofNullable(role.key()))
                .map(RoleDefinition.Key::variable)
                .filter(variable -> !known.contains(variable))
                .distinct()
                .forEach(variable -> rule.problem(
                        "key",
                        "refers to '" + variable + "', which is no event of the rule"
                                + Suggestion.of(variable, List.copyOf(known))));
    }

    Situation situation() {
        return situation;
    }

    List<RoleDefinition> roles() {
        return List.copyOf(roles);
    }

    /** Adds a condition on the event of a role. */
    void restrict(String alias, Expression where) {
        roles.replaceAll(role -> {
            if (!role.alias().equals(alias)) {
                return role;
            }
            List<Expression> wheres = new ArrayList<>(role.wheres());
            wheres.add(where);
            return new RoleDefinition(alias, role.absent(), role.pattern(), wheres, role.key(), role.measured());
        });
    }

    /** Adds to the pattern of a role what its event has to be like anyway, so that fewer events have to be remembered. */
    void narrow(String alias, List<Condition> conditions) {
        if (conditions.isEmpty()) {
            return;
        }
        roles.replaceAll(role -> {
            if (!role.alias().equals(alias)) {
                return role;
            }
            List<Condition> all = new ArrayList<>(conditions);
            all.addFirst(role.pattern().root());
            Pattern narrowed = new Pattern(new Condition.AllOf(all));
            return new RoleDefinition(alias, role.absent(), narrowed, role.wheres(), role.key(), role.measured());
        });
    }

    private Situation oneEvent() {
        if (!rule.has("match")) {
            rule.problem(
                    "match",
                    "is required: say which events the rule is about, for example match: {type: [order.created]};"
                            + " or use pattern for several events together");
        }
        roles.add(new RoleDefinition(
                RuleDefinition.EVENT, false, match(rule), List.of(), keyOf(RuleDefinition.EVENT, rule), null));
        return new Situation.Any(List.of(RuleDefinition.EVENT));
    }

    private Situation pattern() {
        if (rule.has("match")) {
            rule.problem("match", "is for one event; with pattern, each event has a match of its own");
        }
        Fields pattern = new Fields(rule.object("pattern"), "spec.pattern", problems);
        List<String> forms = FORMS.stream().filter(pattern::has).toList();
        Situation read;
        if (forms.size() != 1) {
            pattern.problem("", "must have exactly one of " + String.join(", ", FORMS));
            read = new Situation.Any(List.of(RuleDefinition.EVENT));
        } else {
            read = switch (forms.getFirst()) {
                case "sequence" -> sequence(pattern);
                case "all" -> all(pattern);
                case "any" -> any(pattern);
                default -> aggregate(pattern, forms.getFirst());
            };
        }
        pattern.end();
        return read;
    }

    private Situation sequence(Fields pattern) {
        Duration within = pattern.has("within") ? pattern.window("within") : null;
        List<Situation.Step> steps = new ArrayList<>();
        for (Fields item : items(pattern, "sequence", 1)) {
            steps.add(step(item, steps.size()));
        }
        Situation.Sequence sequence = new Situation.Sequence(steps, within);
        check(sequence, pattern);
        return sequence;
    }

    private Situation.Step step(Fields item, int index) {
        boolean absent = item.has("absent");
        Duration within = item.has("within") ? item.window("within") : null;
        if (absent) {
            within = absence(item, within);
        }
        String alias = role(item, index, absent);
        return new Situation.Step(alias, absent, within);
    }

    /** {@code absent: true} with {@code within} beside it, or {@code absent: {within: 10m}}. */
    private @Nullable Duration absence(Fields item, @Nullable Duration within) {
        JsonNode absent = item.any("absent").orElseGet(JsonNodeFactory.instance::objectNode);
        if (absent.isObject()) {
            Fields inner = new Fields(absent, item.where("absent"), problems);
            Duration own = inner.has("within") ? inner.window("within") : null;
            inner.end();
            return own == null ? within : own;
        }
        if (!absent.isBoolean() || !absent.booleanValue()) {
            item.problem("absent", "must be true, or {within: 10m}; leave it out when the event is to happen");
        }
        return within;
    }

    private void check(Situation.Sequence sequence, Fields pattern) {
        List<Situation.Step> steps = sequence.steps();
        List<Situation.Step> events =
                steps.stream().filter(step -> !step.absent()).toList();
        if (!steps.isEmpty() && events.isEmpty()) {
            pattern.problem(
                    "sequence", "must have an event that happens; something can only be absent after or before it");
        }
        for (int i = 0; i < steps.size(); i++) {
            Situation.Step step = steps.get(i);
            boolean between = events.stream().anyMatch(steps.subList(0, i)::contains)
                    && events.stream().anyMatch(steps.subList(i + 1, steps.size())::contains);
            String place = "sequence[" + i + "]";
            if (step.absent() && step.within() == null && !between) {
                pattern.problem(place + ".absent", "needs a time at the end or the beginning: absent: {within: 10m}");
            } else if (step.absent() && step.within() != null && between) {
                pattern.problem(
                        place + ".absent", "lasts from the event before to the event after; leave its time out");
            }
            boolean first = !events.isEmpty() && step.equals(events.getFirst());
            if (first && step.within() != null) {
                pattern.problem(place + ".within", "has no event before it to count from");
            } else if (!step.absent() && !first && step.within() == null && sequence.within() == null) {
                pattern.problem(place + ".within", "is required, or within for the whole sequence: within: 10m");
            }
        }
    }

    private Situation all(Fields pattern) {
        Duration within = pattern.window("within");
        return new Situation.All(aliases(pattern, "all", 2), within);
    }

    private Situation any(Fields pattern) {
        return new Situation.Any(aliases(pattern, "any", 1));
    }

    private List<String> aliases(Fields pattern, String form, int least) {
        List<String> aliases = new ArrayList<>();
        for (Fields item : items(pattern, form, least)) {
            aliases.add(role(item, aliases.size(), false));
        }
        return aliases;
    }

    private List<Fields> items(Fields pattern, String form, int least) {
        List<JsonNode> nodes = pattern.list(form, MAX_ROLES);
        if (nodes.size() < least) {
            pattern.problem(form, "must list " + (least == 1 ? "at least one event" : "two events or more"));
        }
        List<Fields> items = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            items.add(new Fields(nodes.get(i), "spec.pattern." + form + "[" + i + "]", problems));
        }
        return items;
    }

    private String role(Fields item, int index, boolean absent) {
        String alias = alias(item, index);
        Pattern pattern = match(item);
        List<Expression> wheres =
                item.optionalText("where").flatMap(source -> condition(source, scopeOfWhere(alias), item)).stream()
                        .toList();
        RoleDefinition.Key key = item.has("key") ? keyOf(alias, item) : keyOf(alias, rule);
        if (!item.flag("sameKey", true)) {
            item.problem("sameKey", "cannot be false: give the event a key of its own, or leave key out");
        }
        roles.add(new RoleDefinition(alias, absent, pattern, wheres, key, null));
        item.end();
        return alias;
    }

    private String alias(Fields item, int index) {
        String alias = item.optionalText("as").orElse("e" + (index + 1));
        if (!ALIAS.matcher(alias).matches() || TAKEN.contains(alias)) {
            item.problem(
                    "as",
                    "'" + alias + "' cannot name an event: use a letter and then letters and digits, not one of "
                            + String.join(", ", TAKEN.stream().sorted().toList()));
        } else if (roles.stream().anyMatch(role -> role.alias().equals(alias))) {
            item.problem("as", "'" + alias + "' names two events of the pattern");
        }
        return alias;
    }

    private Situation aggregate(Fields pattern, String form) {
        Situation.Measure measure = Situation.Measure.valueOf(form.toUpperCase(Locale.ROOT));
        ValueTest.NumericRange threshold = threshold(pattern, form);
        String alias = alias(pattern, 0);
        Pattern match = match(pattern);
        Optional<Expression> of =
                pattern.optionalText("of").flatMap(source -> compile(source, scope(alias), pattern, "of"));
        if (measure == Situation.Measure.COUNT && pattern.has("of")) {
            pattern.problem("of", "has no meaning for count; use distinct to count different values");
        } else if (measure != Situation.Measure.COUNT && !pattern.has("of")) {
            pattern.problem("of", "is required: say what to measure, for example of: event.data.amount");
        }
        List<Expression> wheres =
                pattern
                        .optionalText("where")
                        .flatMap(source -> condition(source, scopeOfWhere(alias), pattern))
                        .stream()
                        .toList();
        roles.add(new RoleDefinition(alias, false, match, wheres, keyOf(alias, rule), of.orElse(null)));
        Situation.Aggregate aggregate = new Situation.Aggregate(alias, measure, threshold, window(pattern));
        boolean counts = measure == Situation.Measure.COUNT || measure == Situation.Measure.DISTINCT;
        if (counts && aggregate.window() instanceof Situation.Sliding && aggregate.reached(BigDecimal.ZERO)) {
            pattern.problem(
                    form,
                    "is reached by no event at all, so that none can bring it about: use window: {tumbling: 1h, at: end}"
                            + " to find that few came");
        }
        return aggregate;
    }

    /** {@code {gte: 5}}, or a number for at least so much. */
    private ValueTest.NumericRange threshold(Fields pattern, String form) {
        JsonNode written = pattern.any(form).orElseGet(JsonNodeFactory.instance::objectNode);
        if (written.isNumber()) {
            return new ValueTest.NumericRange(written.decimalValue(), true, null, false);
        }
        int before = problems.size();
        Pattern parsed = parse(
                JsonNodeFactory.instance.objectNode().set("value", written),
                pattern.where(form).replace(".value", ""));
        if (problems.size() == before
                && conjunct(parsed.root()) instanceof Condition.Field field
                && field.tests().size() == 1) {
            return switch (field.tests().getFirst()) {
                case ValueTest.NumericRange range -> range;
                case ValueTest.Equal equal
                when equal.value().isNumber() -> {
                    BigDecimal value = equal.value().decimalValue();
                    yield new ValueTest.NumericRange(value, true, value, true);
                }
                default -> noThreshold(pattern, form);
            };
        }
        return problems.size() == before
                ? noThreshold(pattern, form)
                : new ValueTest.NumericRange(null, false, null, false);
    }

    private static Condition conjunct(Condition root) {
        return root instanceof Condition.AllOf all && all.parts().size() == 1
                ? all.parts().getFirst()
                : root;
    }

    private static ValueTest.NumericRange noThreshold(Fields pattern, String form) {
        pattern.problem(form, "must be a range such as {gte: 5} or {gt: 10, lt: 20}");
        return new ValueTest.NumericRange(null, false, null, false);
    }

    /** {@code window: 10m} slides; {@code window: {tumbling: 1h, at: end}} does not. */
    private Situation.Window window(Fields pattern) {
        JsonNode written = pattern.any("window").orElseGet(JsonNodeFactory.instance::objectNode);
        if (!written.isObject() || !pattern.has("window")) {
            return new Situation.Sliding(pattern.window("window"));
        }
        Fields window = new Fields(written, "spec.pattern.window", problems);
        boolean tumbling = window.has("tumbling");
        boolean sliding = window.has("sliding");
        if (tumbling == sliding) {
            window.problem("", "must have one of sliding and tumbling, for example window: {tumbling: 1h}");
        }
        boolean atEnd = window.choice("at", At.THRESHOLD, At.class) == At.END;
        if (atEnd && !tumbling) {
            window.problem("at", "end goes with a tumbling window; a sliding one has none");
        }
        Duration length = window.window(tumbling ? "tumbling" : "sliding");
        window.end();
        return tumbling ? new Situation.Tumbling(length, atEnd) : new Situation.Sliding(length);
    }

    private enum At {
        THRESHOLD,
        END
    }

    private Pattern match(Fields item) {
        if (!item.has("match")) {
            if (item != rule) {
                item.problem(
                        "match",
                        "is required: say which events it is about, for example match: {type: [order.created]}");
            }
            return new Pattern(new Condition.AnyOf(List.of()));
        }
        return parse(item.any("match").orElseGet(JsonNodeFactory.instance::objectNode), item.where("match"));
    }

    private Pattern parse(JsonNode match, String where) {
        try {
            return PatternParser.parse(match, where);
        } catch (HelixException e) {
            problems.addAll(e.problems().isEmpty() ? List.of(new Problem(where, e.message())) : e.problems());
            return new Pattern(new Condition.AnyOf(List.of()));
        }
    }

    /** The key may call the event {@code event}, or by one alias, which then stands for the event of every role. */
    private RoleDefinition.@Nullable Key keyOf(String alias, Fields from) {
        Optional<String> source = from.optionalText("key");
        if (source.isEmpty()) {
            return null;
        }
        Scope scope = scope(alias);
        Expression whole = tryCompile(source.get(), scope).orElse(null);
        if (whole == null) {
            String first = source.get().split("[^A-Za-z0-9_]", 2)[0];
            if (ALIAS.matcher(first).matches()) {
                scope = scope.withEvents(Set.of(first));
            }
            whole = compile(source.get(), scope, from, "key").orElse(null);
        }
        if (whole == null) {
            return null;
        }
        List<String> used =
                whole.variables().stream().filter(name -> !name.equals("vars")).toList();
        if (used.size() > 1) {
            from.problem("key", "refers to " + String.join(" and ", used) + "; a key is made of one event");
        }
        return new RoleDefinition.Key(whole, used.isEmpty() ? RuleDefinition.EVENT : used.getFirst());
    }

    /** What expressions about one event may use. */
    private static Scope scope(String alias) {
        return Scope.of("vars").withEvents(new HashSet<>(List.of(RuleDefinition.EVENT, alias)));
    }

    private static Scope scopeOfWhere(String alias) {
        return scope(alias).withFlags(RuleDefinition.FACTS);
    }

    private Optional<Expression> tryCompile(String source, Scope scope) {
        try {
            return Optional.of(expressions.compile(source, scope));
        } catch (HelixException e) {
            return Optional.empty();
        }
    }

    private Optional<Expression> condition(String source, Scope scope, Fields item) {
        try {
            return Optional.of(expressions.compileCondition(source, scope));
        } catch (HelixException e) {
            item.problem("where", e.message());
            return Optional.empty();
        }
    }

    private Optional<Expression> compile(String source, Scope scope, Fields item, String key) {
        try {
            return Optional.of(expressions.compile(source, scope));
        } catch (HelixException e) {
            item.problem(key, e.message());
            return Optional.empty();
        }
    }
}
