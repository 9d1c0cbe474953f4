package io.helix.runtime.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.HelixException;
import io.helix.api.Names;
import io.helix.api.Problem;
import io.helix.api.expression.Expression;
import io.helix.api.expression.Expressions;
import io.helix.api.expression.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A recipe, compiled: a DAG of steps. {@code needs} alone makes the order; steps whose needs are met run in parallel.
 *
 * @param steps in an order in which every step comes after those it needs
 */
public record RecipeDefinition(
        String profile, String name, long revision, Map<String, Input> inputs, Duration timeout, List<Step> steps) {
    static final Scope SCOPE =
            Scope.of("inputs", "steps", "run").withFlags(RuleDefinition.FACTS).withEvents(Set.of("event"));
    private static final int MAX_STEPS = 100;
    private static final Duration MAX_TIMEOUT = Duration.ofHours(24);

    /** @param defaultValue null when there is none */
    public record Input(
            String type, boolean required, @Nullable JsonNode defaultValue) {}

    /** What a step does when it has failed for good. */
    public enum OnError {
        FAIL,
        CONTINUE
    }

    /** @param max attempts in all */
    public record Retry(int max, Duration first, Duration cap, double factor, double jitter) {
        static final Retry NONE = new Retry(1, Duration.ofMillis(500), Duration.ofSeconds(20), 2, 0.2);
    }

    /**
     * @param agent the name of an agent, or null when the step names a type
     * @param type the agent type, or null when the step names an agent
     * @param from the step whose first event is handed to the agent, or null for the event that triggered the run
     * @param publish whether the events of a transformer are published too; those of an action always are
     */
    public record Step(
            String id,
            Set<String> needs,
            @Nullable String agent,
            @Nullable TypeRef type,
            Template with,
            @Nullable Expression when,
            @Nullable String from,
            boolean publish,
            Duration timeout,
            Retry retry,
            OnError onError) {
        /** For people: what performs the step. */
        public String performer() {
            return agent != null ? agent : String.valueOf(type);
        }
    }

    static RecipeDefinition parse(
            String profile,
            String name,
            long revision,
            JsonNode spec,
            Expressions expressions,
            List<Problem> problems) {
        Fields fields = new Fields(spec, "spec", problems);
        fields.optionalText("description");
        Map<String, Input> inputs = inputs(fields, problems);
        Duration timeout = fields.duration("timeout", Duration.ofMinutes(15), MAX_TIMEOUT);
        List<Step> steps = steps(fields, expressions, problems);
        fields.unsupported("concurrency", "");
        fields.unsupported("onFailure", "");
        fields.unsupported("finally", "");
        fields.end();
        return new RecipeDefinition(profile, name, revision, Map.copyOf(inputs), timeout, ordered(steps, fields));
    }

    private static Map<String, Input> inputs(Fields fields, List<Problem> problems) {
        Map<String, Input> inputs = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : fields.object("inputs").properties()) {
            Fields input = new Fields(entry.getValue(), fields.where("inputs." + entry.getKey()), problems);
            String type = input.optionalText("type").orElse("any");
            if (!Set.of("string", "number", "integer", "boolean", "object", "array", "timestamp", "any")
                    .contains(type)) {
                input.problem(
                        "type",
                        "'" + type + "' is not one of string, number, integer, boolean, object, array, timestamp, any");
            }
            input.optionalText("description");
            inputs.put(
                    entry.getKey(),
                    new Input(
                            type,
                            input.flag("required", false),
                            input.any("default").orElse(null)));
            input.end();
        }
        return inputs;
    }

    private static List<Step> steps(Fields fields, Expressions expressions, List<Problem> problems) {
        List<JsonNode> items = fields.list("steps", MAX_STEPS);
        if (items.isEmpty()) {
            fields.problem("steps", "must hold at least one step");
        }
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            steps.add(
                    step(new Fields(items.get(i), fields.where("steps[" + i + "]"), problems), expressions, problems));
        }
        return steps;
    }

    private static Step step(Fields step, Expressions expressions, List<Problem> problems) {
        String id = step.text("id");
        if (!id.isEmpty() && !Names.valid(id)) {
            step.problem("id", "'" + id + "' is not a name: use 1 to 63 of a-z, 0-9 and '-'");
        }
        Optional<String> agent = step.optionalText("agent");
        Optional<String> uses = step.optionalText("uses");
        if (agent.isPresent() == uses.isPresent()) {
            step.problem("uses", "a step names either a type ('uses: http.request@1') or an agent ('agent: my-agent')");
        }
        TypeRef type = uses.map(text -> TypeRef.parse(text, step, "uses")).orElse(null);
        Template with = Template.compile(step.object("with"), SCOPE, expressions, step.where("with"), problems);
        Step parsed = new Step(
                id,
                Set.copyOf(step.texts("needs", MAX_STEPS)),
                agent.orElse(null),
                type,
                with,
                step.optionalText("when")
                        .map(source -> when(source, expressions, step))
                        .orElse(null),
                step.optionalText("from").orElse(null),
                step.flag("publish", false),
                step.duration("timeout", Duration.ofSeconds(30), MAX_TIMEOUT),
                retry(step, problems),
                step.choice("onError", OnError.FAIL, OnError.class));
        for (String later : List.of("forEach", "join", "await", "onTimeout", "trigger", "idempotency")) {
            step.unsupported(later, "");
        }
        step.end();
        return parsed;
    }

    private static @Nullable Expression when(String source, Expressions expressions, Fields step) {
        try {
            return expressions.compileCondition(source, SCOPE);
        } catch (HelixException e) {
            step.problem("when", e.message());
            return null;
        }
    }

    private static Retry retry(Fields step, List<Problem> problems) {
        if (!step.has("retry")) {
            return Retry.NONE;
        }
        Fields retry = new Fields(step.object("retry"), step.where("retry"), problems);
        Duration first = retry.duration("first", Retry.NONE.first(), Duration.ofHours(1));
        String backoff = retry.optionalText("backoff").orElse("exponential");
        if (!Set.of("exponential", "constant").contains(backoff)) {
            retry.problem("backoff", "'" + backoff + "' is not one of exponential, constant");
        }
        Retry parsed = new Retry(
                (int) retry.integer("max", 3, 1, 20),
                first,
                retry.duration("cap", Retry.NONE.cap(), Duration.ofHours(1)),
                backoff.equals("constant") ? 1 : 2,
                retry.fraction("jitter", Retry.NONE.jitter()));
        retry.end();
        return parsed;
    }

    /** Checks the graph and sorts it; the order of the document is kept where the graph leaves a choice. */
    private static List<Step> ordered(List<Step> steps, Fields fields) {
        Map<String, Step> byId = new HashMap<>();
        for (Step step : steps) {
            if (!step.id().isEmpty() && byId.put(step.id(), step) != null) {
                fields.problem("steps", "step id '" + step.id() + "' is used twice");
            }
        }
        for (Step step : steps) {
            checkReferences(step, byId, fields);
        }
        List<Step> sorted = new ArrayList<>();
        Set<String> done = new HashSet<>();
        List<Step> open = new ArrayList<>(steps);
        while (!open.isEmpty()) {
            List<Step> ready = open.stream()
                    .filter(step ->
                            step.needs().stream().allMatch(need -> done.contains(need) || !byId.containsKey(need)))
                    .toList();
            if (ready.isEmpty()) {
                fields.problem(
                        "steps",
                        "these steps need each other in a circle: "
                                + String.join(", ", open.stream().map(Step::id).toList()));
                return List.copyOf(steps);
            }
            sorted.addAll(ready);
            ready.forEach(step -> done.add(step.id()));
            open.removeAll(ready);
        }
        return List.copyOf(sorted);
    }

    private static void checkReferences(Step step, Map<String, Step> byId, Fields fields) {
        for (String need : step.needs()) {
            if (!byId.containsKey(need)) {
                fields.problem(
                        "steps",
                        "step '" + step.id() + "' needs '" + need + "', which is not a step of this recipe"
                                + Suggestion.of(need, byId.keySet()));
            }
        }
        if (step.from() != null && !step.needs().contains(step.from())) {
            fields.problem(
                    "steps",
                    "step '" + step.id() + "' takes its event from '" + step.from()
                            + "', so it must list that step under needs");
        }
    }
}
