package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentState;
import io.helix.api.agent.ConfigReader;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.PluginSource.Trial;
import io.helix.api.event.EventFormat;
import io.helix.wasm.Manifest.Sample;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Calls a plugin for people who want to see what it does, without effects. */
final class TryOut {
    static final String DONE = "done";
    private static final String[] RESULTS = {DONE, "failed", "failed, may be retried"};

    private static final Set<String> MADE_BY_GUEST = Set.of("data", "output");

    private static final InstantSource CLOCK = InstantSource.system();

    /** As many as an agent may keep. */
    private static final int MOST_STORED = 10_000;

    private final LoadedPlugin plugin;
    private final TrialWorld world;

    TryOut(LoadedPlugin plugin) {
        this(plugin, TrialWorld.empty());
    }

    TryOut(LoadedPlugin plugin, TrialWorld world) {
        this.plugin = plugin;
        this.world = world;
    }

    /** Each with what it asked for, also when it did not end well and nothing of that would count. */
    List<JsonNode> run(Trial trial) {
        return samples(trial).stream().map(this::call).toList();
    }

    private List<Sample> samples(Trial trial) {
        String type =
                trial.type() == null ? plugin.types().getFirst().descriptor().type() : trial.type();
        if (trial.event() != null) {
            return List.of(new Sample(type, trial.event(), trial.config()));
        }
        if (!trial.config().isEmpty()) {
            throw HelixException.invalid(
                    "a configuration goes with an event: give one; the samples of the plugin have their own");
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
        Terms terms = handler.terms();
        List<String> log = new ArrayList<>();
        DryState state = world.state(terms, MOST_STORED);
        TrialSecrets secrets = new TrialSecrets();
        DryHttp http = new DryHttp(world, secrets);
        DryContext context = new DryContext(config, CLOCK, log::add, state, http, world.vault(secrets));
        HostCalls calls = new HostCalls(terms.encoding().write(completed(sample.event())), context, terms);
        ObjectNode answer = EventFormat.json().createObjectNode().put("type", sample.type());
        perform(handler, calls, answer);
        answer.set("output", output(handler, calls.output()));
        ArrayNode emitted = answer.putArray("emitted");
        calls.events().forEach(draft -> emitted.add(event(draft)));
        http.requests().forEach(answer.putArray("http")::add);
        answer.set("kv", changes(state, terms, secrets));
        log.forEach(answer.putArray("log")::add);
        answer.put("hostCalls", calls.counts().calls());
        return secrets.hidden(answer, MADE_BY_GUEST);
    }

    private void perform(WasmHandler handler, HostCalls calls, ObjectNode answer) {
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
        try {
            calls.keep(); // to be shown, also what would not count
        } catch (HelixException e) {
            answer.put("result", "failed: " + e.message());
        }
    }

    private static JsonNode completed(JsonNode event) {
        if (!(event instanceof ObjectNode given)) {
            return event;
        }
        ObjectNode whole = EventFormat.json()
                .createObjectNode()
                .put("specversion", "1.0")
                .put("id", "1")
                .put("source", "trial")
                .put("type", "trial.event")
                .put("time", CLOCK.instant().truncatedTo(ChronoUnit.MILLIS).toString());
        return whole.setAll(given);
    }

    private static ArrayNode changes(DryState state, Terms terms, TrialSecrets secrets) {
        ArrayNode changes = EventFormat.json().createArrayNode();
        for (AgentState.Change change : state.changes()) {
            String key = change.key().substring(terms.plugin().length() + 1);
            ObjectNode shown = changes.addObject().put("key", key);
            if (change.value() == null) {
                shown.put("removed", true);
            } else {
                ShownBytes.put(shown, "value", secrets.hidden(value(state, terms, key)));
            }
            Duration timeToLive = change.timeToLive();
            if (timeToLive != null) {
                shown.put("ttlSeconds", timeToLive.toSeconds());
            }
        }
        return changes;
    }

    private static byte[] value(DryState state, Terms terms, String key) {
        try {
            return new GuestKeyValues(state, terms, new CallTime()).get(key);
        } catch (HostRefusal refusal) {
            throw new IllegalStateException("what was stored is there", refusal);
        }
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
