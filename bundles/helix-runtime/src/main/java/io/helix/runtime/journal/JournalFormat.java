package io.helix.runtime.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.event.EventFormat;
import io.helix.api.recipe.RunState;
import io.helix.api.recipe.StepRecord;
import io.helix.api.recipe.StepState;
import io.helix.api.store.JournalEntry;
import io.helix.api.store.Projection.AuditEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes of journal entries: a JSON array, each entry with its {@code kind}. Readers ignore fields they do not know. */
public final class JournalFormat {
    private JournalFormat() {}

    static byte[] write(List<JournalEntry> entries) {
        ArrayNode array = EventFormat.json().createArrayNode();
        entries.forEach(entry -> array.add(toJson(entry)));
        return EventFormat.bytes(array);
    }

    static List<JournalEntry> read(byte[] bytes) {
        List<JournalEntry> entries = new ArrayList<>();
        for (JsonNode node : EventFormat.parseOwn(bytes)) {
            entries.add(fromJson(node));
        }
        return entries;
    }

    public static ObjectNode toJson(JournalEntry entry) {
        return switch (entry) {
            case JournalEntry.RunStarted started -> started(started);
            case JournalEntry.StepEnded(String runId, StepRecord step) ->
                step(step).put("kind", "step-ended").put("runId", runId);
            case JournalEntry.RunEnded(String runId, RunState state, Instant time, String error) ->
                object("run-ended")
                        .put("runId", runId)
                        .put("state", state.name())
                        .put("time", time.toString())
                        .put("error", error);
            case JournalEntry.Decided(AuditEntry audit) -> audit(audit).put("kind", "decided");
        };
    }

    public static ObjectNode audit(AuditEntry audit) {
        ObjectNode node = EventFormat.json().createObjectNode();
        node.put("id", audit.id())
                .put("time", audit.time().toString())
                .put("principal", audit.principal())
                .put("action", audit.action())
                .put("resource", audit.resource())
                .put("permitted", audit.permitted())
                .put("reason", audit.reason());
        if (audit.eventId() != null) {
            node.put("eventId", audit.eventId());
        }
        node.set("policies", texts(audit.policies()));
        return node;
    }

    private static ObjectNode started(JournalEntry.RunStarted started) {
        ObjectNode node = object("run-started")
                .put("runId", started.runId())
                .put("recipe", started.recipe())
                .put("recipeRevision", started.recipeRevision())
                .put("ruleRevision", started.ruleRevision())
                .put("eventId", started.eventId())
                .put("eventSource", started.eventSource())
                .put("principal", started.principal())
                .put("time", started.time().toString());
        if (started.rule() != null) {
            node.put("rule", started.rule());
        }
        node.set("policies", texts(started.policies()));
        if (started.late()) {
            node.put("late", true);
        }
        return node;
    }

    private static ObjectNode step(StepRecord step) {
        ObjectNode node = EventFormat.json().createObjectNode();
        node.put("step", step.step())
                .put("agent", step.agent())
                .put("state", step.state().name())
                .put("attempts", step.attempts())
                .put("started", step.started().toString())
                .put("ended", step.ended().toString())
                .put("error", step.error());
        if (!step.output().isMissingNode()) {
            node.set("output", step.output());
        }
        node.set("policies", texts(step.policies()));
        node.set("emitted", texts(step.emitted()));
        return node;
    }

    private static JournalEntry fromJson(JsonNode node) {
        String kind = node.path("kind").asText();
        return switch (kind) {
            case "run-started" ->
                new JournalEntry.RunStarted(
                        node.path("runId").asText(),
                        node.path("recipe").asText(),
                        node.path("recipeRevision").asLong(),
                        text(node, "rule"),
                        node.path("ruleRevision").asLong(),
                        node.path("eventId").asText(),
                        node.path("eventSource").asText(),
                        node.path("principal").asText(),
                        texts(node.path("policies")),
                        node.path("late").asBoolean(),
                        time(node, "time"));
            case "step-ended" -> new JournalEntry.StepEnded(node.path("runId").asText(), stepFrom(node));
            case "run-ended" ->
                new JournalEntry.RunEnded(
                        node.path("runId").asText(),
                        RunState.valueOf(node.path("state").asText()),
                        time(node, "time"),
                        node.path("error").asText());
            case "decided" -> new JournalEntry.Decided(auditFrom(node));
            default -> throw new IllegalArgumentException("journal entry of unknown kind '" + kind + "'");
        };
    }

    private static StepRecord stepFrom(JsonNode node) {
        JsonNode output = node.get("output");
        return new StepRecord(
                node.path("step").asText(),
                node.path("agent").asText(),
                StepState.valueOf(node.path("state").asText()),
                node.path("attempts").asInt(),
                time(node, "started"),
                time(node, "ended"),
                output == null ? MissingNode.getInstance() : output,
                node.path("error").asText(),
                texts(node.path("policies")),
                texts(node.path("emitted")));
    }

    private static AuditEntry auditFrom(JsonNode node) {
        return new AuditEntry(
                node.path("id").asText(),
                time(node, "time"),
                node.path("principal").asText(),
                node.path("action").asText(),
                node.path("resource").asText(),
                node.path("permitted").asBoolean(),
                texts(node.path("policies")),
                node.path("reason").asText(),
                text(node, "eventId"));
    }

    private static ObjectNode object(String kind) {
        return EventFormat.json().createObjectNode().put("kind", kind);
    }

    private static Instant time(JsonNode node, String name) {
        return Instant.parse(node.path(name).asText());
    }

    private static @Nullable String text(JsonNode node, String name) {
        return node.hasNonNull(name) ? node.get(name).asText() : null;
    }

    private static ArrayNode texts(List<String> texts) {
        ArrayNode array = EventFormat.json().createArrayNode();
        texts.forEach(array::add);
        return array;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
