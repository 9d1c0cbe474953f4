package io.helix.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.AgentState;
import io.helix.api.agent.ConfigReader;
import io.helix.api.agent.Credentials;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.HttpCaller;
import io.helix.api.event.EventFormat;
import io.helix.wasm.Manifest.Capabilities;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** This host against the conformance kit; sdk/conformance/README.md has the format of the cases. */
class ConformanceTest {
    private static final Path KIT = Path.of("../../sdk/conformance");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Limits ROOMY =
            new Limits(Duration.ofSeconds(10), 10_000, 100, 4_194_304, 1_048_576, 100, 4, 256);

    private static LoadedPlugin load(String guest) throws IOException {
        Sandbox sandbox = RunningEngine.sandbox(ROOMY, new Budgets(64, 16_384));
        return new PluginLoader(sandbox)
                .load(guest, Files.readAllBytes(KIT.resolve("guests").resolve(guest)), new PluginStats());
    }

    private static JsonNode read(Path file) throws IOException {
        return EventFormat.json().readTree(file.toFile());
    }

    private static Stream<JsonNode> items(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    @TestFactory
    Stream<DynamicTest> modulesAreAcceptedOrRefused() throws IOException {
        return items(read(KIT.resolve("cases/modules.json")).path("modules"))
                .map(module -> DynamicTest.dynamicTest(module.path("name").asText(), () -> {
                    String guest = module.path("guest").asText();
                    if (module.path("accepted").asBoolean()) {
                        assertThat(load(guest).types()).isNotEmpty();
                    } else {
                        assertThatThrownBy(() -> load(guest)).isInstanceOf(HelixException.class);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> guestsSeeWhatTheAbiSays() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(KIT.resolve("cases"), "*.json")) {
            for (Path file : files) {
                JsonNode kit = read(file);
                if (kit.has("guest")) {
                    LoadedPlugin plugin = load(kit.path("guest").asText());
                    items(kit.path("cases"))
                            .forEach(one -> tests.add(DynamicTest.dynamicTest(
                                    file.getFileName() + ": " + one.path("name").asText(),
                                    () -> new Case(plugin, one).run())));
                }
            }
        }
        assertThat(tests).hasSizeGreaterThan(200);
        return tests.stream();
    }

    private static final class Case {
        private final LoadedPlugin plugin;
        private final JsonNode one;
        private final WasmHandler handler;
        private final FakeContext context;
        private final Queue<JsonNode> answers = new ArrayDeque<>();
        private final List<HttpCaller.Request> requests = new ArrayList<>();

        Case(LoadedPlugin plugin, JsonNode one) {
            this.plugin = plugin;
            this.one = one;
            this.handler = plugin.types().stream()
                    .filter(type ->
                            type.descriptor().type().equals(one.path("type").asText()))
                    .findFirst()
                    .orElseThrow()
                    .handler();
            this.context = context();
        }

        private FakeContext context() {
            ObjectNode config = one.path("config") instanceof ObjectNode given
                    ? given
                    : EventFormat.json().createObjectNode();
            ObjectNode complete = ConfigReader.read(config, handler.handler().configSchema(), ObjectNode.class);
            FakeContext made = new Granted(complete.toString(), one.path("grants"));
            made.time.set(one.has("now") ? Instant.parse(one.path("now").asText()) : START);
            one.path("credentials")
                    .properties()
                    .forEach(entry -> made.credentials.put(
                            entry.getKey(), entry.getValue().asText()));
            String prefix = handler.terms().plugin() + "/";
            one.path("kv")
                    .properties()
                    .forEach(entry -> made.stored.put(prefix + entry.getKey(), stored(entry.getValue())));
            one.path("http").forEach(answers::add);
            made.http = this::answer;
            return made;
        }

        private static String stored(JsonNode value) {
            return value.isTextual()
                    ? "t:" + value.asText()
                    : "b:"
                            + Base64.getEncoder()
                                    .encodeToString(HexFormat.of()
                                            .parseHex(value.path("hex").asText()));
        }

        private HttpCaller.Response answer(HttpCaller.Request request) throws AgentException {
            URI uri = request.uri();
            JsonNode hosts = one.path("grants").path("http");
            if (hosts.isArray()
                    && !new Capabilities(items(hosts).map(JsonNode::asText).toList(), false, List.of(), null)
                            .mayCall(String.valueOf(uri.getHost()))) {
                throw AgentException.permanent("policy forbids " + uri.getHost());
            }
            requests.add(request);
            JsonNode next = answers.poll();
            if (next == null || next.has("error")) {
                throw AgentException.retryable("the network fails");
            }
            Map<String, List<String>> headers = new TreeMap<>();
            next.path("headers")
                    .properties()
                    .forEach(header -> headers.put(
                            header.getKey(), List.of(header.getValue().asText())));
            byte[] body = body(next);
            if (body.length > request.maxResponseBytes()) {
                throw AgentException.permanent("too long", new HttpCaller.AnswerTooLong("too long"));
            }
            return new HttpCaller.Response(next.path("status").asInt(200), headers, body);
        }

        private static byte[] body(JsonNode answer) {
            if (answer.has("body64")) {
                return Base64.getDecoder().decode(answer.path("body64").asText());
            }
            return answer.path("body")
                    .asText("x".repeat(answer.path("length").asInt()))
                    .getBytes(StandardCharsets.UTF_8);
        }

        void run() {
            GuestInstance instance = plugin.module().newInstance();
            for (JsonNode call : one.path("calls")) {
                context.time.advance(
                        Duration.ofSeconds(call.path("afterSeconds").asInt()));
                String outcome = call(instance, call);
                if (!outcome.equals("done") && !outcome.equals("failed") && !outcome.equals("retry")) {
                    instance.close();
                    instance = plugin.module().newInstance();
                }
            }
            instance.close();
        }

        private String call(GuestInstance instance, JsonNode call) {
            JsonNode expect = call.path("expect");
            int lines = context.log.lines().size();
            int sent = requests.size();
            HostCalls calls = new HostCalls(EventFormat.bytes(event(call)), context, handler.terms());
            String outcome;
            String reason = "";
            try {
                int code = plugin.module().tryOut(instance, handler.handler().export(), calls);
                outcome = code == 0 ? "done" : code == 2 ? "retry" : "failed";
            } catch (GuestTrap e) {
                outcome = e.message().startsWith("refused to start") ? "refused" : "trap";
                reason = e.message();
            }
            boolean done = outcome.equals("done");
            if (done) {
                calls.keep();
            }
            assertThat(outcome)
                    .as(reason + calls.outputText())
                    .isEqualTo(expect.path("outcome").asText("done"));
            checkOutput(expect, calls);
            assertThat(done ? events(calls.events()) : List.of())
                    .isEqualTo(items(expect.path("events")).toList());
            checkLog(
                    expect,
                    context.log.lines().subList(lines, context.log.lines().size()));
            checkRequests(expect, requests.subList(sent, requests.size()));
            checkKept(expect);
            return outcome;
        }

        private static ObjectNode event(JsonNode call) {
            ObjectNode event = EventFormat.json()
                    .createObjectNode()
                    .put("specversion", "1.0")
                    .put("id", "1")
                    .put("source", "conformance")
                    .put("type", "conformance.event")
                    .put("time", "2026-01-01T00:00:00Z");
            event.setAll((ObjectNode) call.path("event"));
            return event;
        }

        private static void checkOutput(JsonNode expect, HostCalls calls) {
            if (expect.has("output")) {
                JsonNode output =
                        calls.output().length == 0 ? EventFormat.json().nullNode() : EventFormat.parse(calls.output());
                assertThat(output).isEqualTo(expect.path("output"));
            }
            if (expect.has("outputText")) {
                assertThat(calls.outputText())
                        .contains(expect.path("outputText").asText());
            }
        }

        private static List<JsonNode> events(List<EventDraft> drafts) {
            List<JsonNode> events = new ArrayList<>();
            for (EventDraft draft : drafts) {
                ObjectNode node = EventFormat.json().createObjectNode().put("type", draft.type());
                node.set("data", draft.data());
                putIfThere(node, "subject", draft.subject());
                putIfThere(node, "key", draft.extensions().get("partitionkey"));
                putIfThere(node, "id", draft.id());
                putIfThere(node, "time", draft.time());
                events.add(node);
            }
            return events;
        }

        private static void putIfThere(ObjectNode node, String key, @Nullable Object value) {
            if (value != null) {
                node.put(key, value.toString());
            }
        }

        private static void checkLog(JsonNode expect, List<String> lines) {
            if (!expect.has("log")) {
                return;
            }
            List<JsonNode> expected = items(expect.path("log")).toList();
            assertThat(lines).hasSameSizeAs(expected);
            for (int i = 0; i < lines.size(); i++) {
                String[] parts = lines.get(i).split(" ", 2);
                assertThat(parts[1]).isEqualTo(expected.get(i).path("text").asText());
                if (expected.get(i).has("level")) {
                    String level = parts[0].toLowerCase(Locale.ROOT).replace("warning", "warn");
                    assertThat(level).isEqualTo(expected.get(i).path("level").asText());
                }
            }
        }

        private static void checkRequests(JsonNode expect, List<HttpCaller.Request> sent) {
            if (!expect.has("requests")) {
                return;
            }
            ArrayNode actual = EventFormat.json().createArrayNode();
            ArrayNode expected = EventFormat.json().createArrayNode();
            items(expect.path("requests")).map(Case::normal).forEach(expected::add);
            for (HttpCaller.Request request : sent) {
                ObjectNode node = EventFormat.json()
                        .createObjectNode()
                        .put("method", request.method())
                        .put("url", request.uri().toString());
                ObjectNode headers = node.putObject("headers");
                request.headers().forEach(headers::put);
                node.put("body64", request.body());
                actual.add(normal(node));
            }
            assertThat(actual).isEqualTo(expected);
        }

        private static ObjectNode normal(JsonNode request) {
            ObjectNode node = EventFormat.json()
                    .createObjectNode()
                    .put("method", request.path("method").asText())
                    .put("url", request.path("url").asText());
            TreeMap<String, String> headers = new TreeMap<>();
            request.path("headers")
                    .properties()
                    .forEach(header -> headers.put(
                            header.getKey().toLowerCase(Locale.ROOT),
                            header.getValue().asText()));
            node.put("headers", headers.toString());
            String body64 = request.has("body64")
                    ? request.path("body64").asText()
                    : Base64.getEncoder()
                            .encodeToString(request.path("body").asText("").getBytes(StandardCharsets.UTF_8));
            return node.put("body64", body64);
        }

        private void checkKept(JsonNode expect) {
            if (!expect.has("kv")) {
                return;
            }
            String prefix = handler.terms().plugin() + "/";
            Map<String, String> expected = new TreeMap<>();
            expect.path("kv")
                    .properties()
                    .forEach(entry -> expected.put(prefix + entry.getKey(), hex(stored(entry.getValue()))));
            Map<String, String> kept = new TreeMap<>();
            context.stored.asMap().forEach((key, value) -> kept.put(key, hex(value)));
            assertThat(kept).isEqualTo(expected);
        }

        private static String hex(String stored) {
            String body = stored.substring(2);
            byte[] bytes = stored.startsWith("t:")
                    ? body.getBytes(StandardCharsets.UTF_8)
                    : Base64.getDecoder().decode(body);
            return HexFormat.of().formatHex(bytes);
        }
    }

    /** A context whose operator grants less than all. */
    private static final class Granted extends FakeContext {
        private final JsonNode grants;

        Granted(String config, JsonNode grants) {
            super(config);
            this.grants = grants;
        }

        @Override
        public AgentState state() {
            if (grants.has("kv") && !grants.path("kv").asBoolean()) {
                throw HelixException.forbidden("policy forbids to keep state");
            }
            return super.state();
        }

        @Override
        public void requireEmit(String type, int bytes) {
            JsonNode granted = grants.path("emit");
            if (granted.isArray()
                    && !new Capabilities(
                                    List.of(),
                                    false,
                                    List.of(),
                                    items(granted).map(JsonNode::asText).toList())
                            .mayEmit(type)) {
                throw HelixException.forbidden("policy forbids to publish " + type);
            }
        }

        @Override
        public Credentials credentials() {
            JsonNode granted = grants.path("credentials");
            Credentials all = super.credentials();
            return new Credentials() {
                @Override
                public <T> T use(String name, String purpose, Function<byte[], T> use) {
                    if (granted.isArray()
                            && items(granted)
                                    .noneMatch(pattern -> new Capabilities(
                                                    List.of(), false, List.of(pattern.asText()), null)
                                            .mayUse(name))) {
                        throw HelixException.forbidden("policy forbids credential " + name);
                    }
                    return all.use(name, purpose, use);
                }
            };
        }
    }
}
