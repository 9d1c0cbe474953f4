package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.ConfigReader;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.PluginSource.Trial;
import io.helix.api.event.EventFormat;
import io.helix.wasm.Manifest.Sample;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Calls a plugin for people who want to see what it does, without effects. */
final class TryOut {
    static final String DONE = "done";
    private static final String[] RESULTS = {DONE, "failed", "failed, may be retried"};

    private final LoadedPlugin plugin;

    TryOut(LoadedPlugin plugin) {
        this.plugin = plugin;
    }

    List<JsonNode> run(Trial trial) {
        return samples(trial).stream().map(this::call).toList();
    }

    private List<Sample> samples(Trial trial) {
        String type =
                trial.type() == null ? plugin.types().getFirst().descriptor().type() : trial.type();
        if (trial.event() != null) {
            return List.of(new Sample(type, trial.event(), trial.config()));
        }
        List<Sample> brought = plugin.manifest().samples().stream()
                .filter(sample -> trial.type() == null || sample.type().equals(type))
                .toList();
        if (brought.isEmpty()) {
            throw HelixException.invalid("the plugin brings no samples"
                    + (trial.type() == null ? "" : " of type " + type) + ": give an event");
        }
        return brought;
    }

    private JsonNode call(Sample sample) {
        WasmHandler handler = plugin.types().stream()
                .filter(type -> type.descriptor().type().equals(sample.type()))
                .map(WasmAgentType::handler)
                .findFirst()
                .orElseThrow(() -> HelixException.notFound("the plugin has no agent type '" + sample.type() + "'"));
        ObjectNode config = ConfigReader.read(sample.config(), handler.handler().configSchema(), ObjectNode.class);
        List<String> log = new ArrayList<>();
        HostCalls calls = new HostCalls(
                handler.terms().encoding().write(sample.event()),
                new DryContext(config, InstantSource.system(), log::add),
                handler.terms());
        ObjectNode answer = EventFormat.json().createObjectNode().put("type", sample.type());
        GuestInstance instance = plugin.module().newInstance();
        long began = System.nanoTime();
        try {
            int code = plugin.module().tryOut(instance, handler.handler().export(), calls);
            answer.put("result", code >= 0 && code < RESULTS.length ? RESULTS[code] : "failed with code " + code);
        } catch (GuestTrap e) {
            answer.put("result", e.message());
        } finally {
            answer.put("micros", (System.nanoTime() - began) / 1000);
            instance.close();
        }
        answer.set("output", output(handler, calls.output()));
        ArrayNode emitted = answer.putArray("emitted");
        calls.events().forEach(draft -> emitted.add(event(draft)));
        log.forEach(answer.putArray("log")::add);
        return answer.put("hostCalls", calls.counts().calls());
    }

    private static JsonNode output(WasmHandler handler, byte[] output) {
        if (output.length == 0) {
            return EventFormat.json().nullNode();
        }
        try {
            return handler.terms().encoding().read(output);
        } catch (HelixException e) { // the reason of a failure is plain text
            return EventFormat.json().getNodeFactory().textNode(new String(output, StandardCharsets.UTF_8));
        }
    }

    private static ObjectNode event(EventDraft draft) {
        ObjectNode node = EventFormat.json().createObjectNode().put("type", draft.type());
        if (draft.id() != null) {
            node.put("id", draft.id());
        }
        if (draft.subject() != null) {
            node.put("subject", draft.subject());
        }
        draft.extensions().forEach(node::put);
        node.set("data", draft.data());
        return node;
    }
}
