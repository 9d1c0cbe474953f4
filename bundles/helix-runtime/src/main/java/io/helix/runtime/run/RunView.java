package io.helix.runtime.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.api.recipe.StepRecord;
import io.helix.api.recipe.Trigger;
import io.helix.runtime.document.RecipeDefinition;
import io.helix.runtime.document.RuleDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the expressions of a run see: {@code event, inputs, run, facts, steps}. Not thread safe. */
final class RunView {
    private final Map<String, JsonNode> variables = new HashMap<>();
    private final ObjectNode steps = JsonNodeFactory.instance.objectNode();

    /** @param facts what held when the run was triggered */
    RunView(Trigger trigger, RecipeDefinition recipe, ObjectNode inputs, ObjectNode facts) {
        ObjectNode run = JsonNodeFactory.instance
                .objectNode()
                .put("id", trigger.id())
                .put("recipe", recipe.name())
                .put("revision", recipe.revision())
                .put("time", trigger.time().toString());
        run.put("late", trigger.late());
        if (trigger.rule() != null) {
            run.put("rule", trigger.rule());
        }
        variables.put("event", EventFormat.toJson(trigger.event()));
        variables.put("inputs", inputs);
        variables.put("run", run);
        variables.put(RuleDefinition.FACTS, facts);
        for (RecipeDefinition.Step step : recipe.steps()) {
            steps.putObject(step.id()).put("status", "pending");
        }
    }

    void ended(StepRecord record, List<Event> events) {
        ObjectNode step = steps.putObject(record.step())
                .put("status", record.state().name().toLowerCase(Locale.ROOT))
                .put("attempts", record.attempts())
                .put("error", record.error());
        if (!record.output().isMissingNode()) {
            step.set("output", record.output());
        }
        events.forEach(event -> step.withArray("events").add(EventFormat.toJson(event)));
    }

    /** A snapshot that later endings do not change. */
    Map<String, JsonNode> snapshot() {
        Map<String, JsonNode> copy = new HashMap<>(variables);
        copy.put("steps", steps.deepCopy());
        return copy;
    }
}
