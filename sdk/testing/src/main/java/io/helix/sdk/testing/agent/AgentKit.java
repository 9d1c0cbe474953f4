package io.helix.sdk.testing.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.Action;
import io.helix.api.agent.Agent;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.Source;
import io.helix.api.agent.Transformer;
import io.helix.api.agent.WebhookReceiver;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs one agent as Helix would: made by its generated type, configured from JSON, in a world the test controls.
 *
 * <pre>{@code
 * @Test
 * void greets_who_came() throws Exception {
 *     AgentKit kit = AgentKit.of(new GreetAgentType(), """
 *             {"greeting": "Hello"}""");
 *
 *     List<EventDraft> out = kit.transform(AgentKit.event("guest.came", """
 *             {"name": "Ada"}"""));
 *
 *     assertThat(out.get(0).data().path("text").asText()).isEqualTo("Hello, Ada");
 * }
 * }</pre>
 *
 * <p>A source is started with {@link #start()}; {@link #advance} does what it has scheduled, {@link #post} is a request
 * to its webhook, {@link #restart} stops it and starts a new instance in the same world.
 */
public final class AgentKit {
    private final AgentType type;
    private final Object config;
    private final AgentWorld world = new AgentWorld();
    private final List<EventDraft> emittedBefore = new ArrayList<>();
    private Agent<?> agent;
    private @Nullable TestSourceContext<Object> running;

    private AgentKit(AgentType type, Object config) {
        this.type = type;
        this.config = config;
        this.agent = type.create();
    }

    /** @throws HelixException INVALID when the configuration is not accepted */
    public static AgentKit of(AgentType type, String configJson) {
        ObjectNode json = (ObjectNode) json(configJson);
        for (JsonNode required : type.descriptor().configSchema().path("required")) {
            if (!json.has(required.asText())) {
                throw HelixException.invalid("'" + required.asText() + "' is required");
            }
        }
        return new AgentKit(type, type.config(json));
    }

    /** An event to hand to {@link #transform} or {@link #perform}. */
    public static Event event(String eventType, String dataJson) {
        return new Event(
                "event-1", "helix://test", eventType, null, new ManualClock().instant(), Map.of(), json(dataJson));
    }

    private static JsonNode json(String text) {
        try {
            return EventFormat.json().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the test has malformed JSON: " + text, e);
        }
    }

    /** What the transformer makes of the event. */
    public List<EventDraft> transform(Event event) throws Exception {
        TestTransformContext<Object> context = new TestTransformContext<>(config, world);
        if (!(agent instanceof Transformer<?> transformer)) {
            throw new IllegalStateException(type.descriptor().type() + " is not a transformer");
        }
        transformer(transformer).transform(event, context);
        return context.emitted();
    }

    /** The output of the action; what it emits is in {@link #emitted}. */
    public JsonNode perform(Event event) throws Exception {
        return perform(event, "run-1:step-1");
    }

    public JsonNode perform(Event event, String idempotencyKey) throws Exception {
        TestActionContext<Object> context = new TestActionContext<>(config, idempotencyKey, world);
        if (!(agent instanceof Action<?> action)) {
            throw new IllegalStateException(type.descriptor().type() + " is not an action");
        }
        JsonNode output = action(action).perform(event, context);
        emittedBefore.addAll(context.emitted());
        return output;
    }

    public AgentKit start() throws Exception {
        if (!(agent instanceof Source<?> source)) {
            throw new IllegalStateException(type.descriptor().type() + " is not a source");
        }
        TestSourceContext<Object> context = new TestSourceContext<>(config, world);
        running = context;
        source(source).start(context);
        return this;
    }

    public void stop() {
        TestSourceContext<Object> context = source();
        context.cancel();
        running = null;
        emittedBefore.addAll(context.emitted());
        ((Source<?>) agent).stop();
    }

    /** Stops the source, lets {@code away} pass, and starts a new instance that finds the old one's state. */
    public void restart(Duration away) throws Exception {
        stop();
        world.clock().advance(away);
        agent = type.create();
        start();
    }

    /** Lets time pass for a running source. */
    public void advance(Duration duration) {
        source().advance(duration);
    }

    /** The context of the running source. */
    public TestSourceContext<Object> source() {
        TestSourceContext<Object> context = running;
        if (context == null) {
            throw new IllegalStateException("the source is not running");
        }
        return context;
    }

    /**
     * Posts JSON to the webhook of the running source.
     *
     * @param headers name, value, name, value, ...
     */
    public WebhookReceiver.Reply post(String body, String... headers) throws Exception {
        return request("POST", body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** A request to the webhook of the running source; its content type is JSON unless {@code headers} say otherwise. */
    public WebhookReceiver.Reply request(String method, byte[] body, String... headers) throws Exception {
        Map<String, List<String>> all = new HashMap<>();
        all.put("content-type", List.of("application/json"));
        for (int i = 0; i + 1 < headers.length; i += 2) {
            all.put(headers[i].toLowerCase(Locale.ROOT), List.of(headers[i + 1]));
        }
        return source().request(new WebhookReceiver.Delivery(method, all, Map.of(), "192.0.2.1", body));
    }

    public AgentKit credential(String name, String secret) {
        world.credentials().put(name, secret);
        return this;
    }

    /** Everything emitted by a source or an action, also before a restart. */
    public List<EventDraft> emitted() {
        List<EventDraft> all = new ArrayList<>(emittedBefore);
        if (running != null) {
            all.addAll(running.emitted());
        }
        return List.copyOf(all);
    }

    public ManualClock clock() {
        return world.clock();
    }

    public MapState state() {
        return world.state();
    }

    /** What is set, by name. */
    public Map<String, JsonNode> facts() {
        return world.facts().all();
    }

    public MapCredentials credentials() {
        return world.credentials();
    }

    public ScriptedHttp http() {
        return world.http();
    }

    public List<String> log() {
        return world.log().lines();
    }

    // An agent type makes the configuration that its own agents take.
    @SuppressWarnings("unchecked")
    private static Transformer<Object> transformer(Transformer<?> agent) {
        return (Transformer<Object>) agent;
    }

    @SuppressWarnings("unchecked")
    private static Action<Object> action(Action<?> agent) {
        return (Action<Object>) agent;
    }

    @SuppressWarnings("unchecked")
    private static Source<Object> source(Source<?> agent) {
        return (Source<Object>) agent;
    }
}
